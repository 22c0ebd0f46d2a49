package io.logplane.extension.types;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which version of a group is preferred: `v2`, `v1`, `v1beta1`, `v1alpha1`, then all others by name.
///
/// Source: k8s.io/apimachinery/pkg/version (CompareKubeAwareVersionStrings).
final class VersionOrder {
    static final Comparator<String> NEWEST_FIRST = VersionOrder::compare;
    private static final Pattern FORM = Pattern.compile("v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?");

    private VersionOrder() {
    }

    private static int compare(String one, String other) {
        Matcher a = FORM.matcher(one);
        Matcher b = FORM.matcher(other);
        boolean known = a.matches();
        if (known != b.matches()) {
            return known ? -1 : 1;
        }
        if (!known) {
            return one.compareTo(other);
        }
        int stage = stage(b) - stage(a);
        if (stage != 0) {
            return stage;
        }
        int major = Integer.compare(number(b, 1), number(a, 1));
        return major != 0 ? major : Integer.compare(number(b, 3), number(a, 3));
    }

    private static int stage(Matcher version) {
        String stage = version.group(2);
        return stage == null ? 2 : stage.equals("beta") ? 1 : 0;
    }

    private static int number(Matcher version, int group) {
        String text = version.group(group);
        return text == null ? 0 : Integer.parseInt(text);
    }
}
