package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// What only pods on Windows have: credentials, users of a domain, processes of the host.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class WindowsRules {
    private static final int MAX_CREDENTIALS = 64 * 1024;
    private static final int MAX_DOMAIN = 256;
    private static final int MAX_USER = 104;
    private static final Pattern NETBIOS = Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
    private static final String DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final Pattern DNS = Pattern.compile(DNS_LABEL + "(?:\\." + DNS_LABEL + ")*");
    private static final String BANNED = "\"/\\:;|=,+*?<>@[]";
    private static final String HOST_PROCESS = "securityContext.windowsOptions.hostProcess";

    private WindowsRules() {
    }

    static void options(JsonNode options, String path, Problems problems) {
        if (Tree.has(options, "gmsaCredentialSpecName")) {
            problems.format(NameFormat.SUBDOMAIN, path + ".gmsaCredentialSpecName",
                    Tree.text(options, "gmsaCredentialSpecName"));
        }
        String credentials = Tree.text(options, "gmsaCredentialSpec");
        if (Tree.has(options, "gmsaCredentialSpec") && credentials.isEmpty()) {
            problems.invalid(path + ".gmsaCredentialSpec", credentials,
                    "gmsaCredentialSpec cannot be an empty string");
        } else if (credentials.getBytes(StandardCharsets.UTF_8).length > MAX_CREDENTIALS) {
            problems.invalid(path + ".gmsaCredentialSpec", credentials, "gmsaCredentialSpec size must be under 64 KiB");
        }
        if (Tree.has(options, "runAsUserName")) {
            user(Tree.text(options, "runAsUserName"), path + ".runAsUserName", problems);
        }
    }

    /// Containers are processes of the host all together or not at all, and then on its network.
    static void hostProcess(JsonNode spec, String path, Problems problems) {
        int containers = 0;
        int ofHost = 0;
        boolean wholeSet = Tree.has(spec, HOST_PROCESS);
        boolean whole = Tree.flag(spec, HOST_PROCESS);
        for (String kind : List.of("initContainers", "containers", "ephemeralContainers")) {
            List<ObjectNode> all = Tree.objects(spec, kind);
            for (int i = 0; i < all.size(); i++) {
                boolean ownSet = Tree.has(all.get(i), HOST_PROCESS);
                boolean own = Tree.flag(all.get(i), HOST_PROCESS);
                if (wholeSet && ownSet && whole != own) {
                    problems.invalid(path + "." + kind + "[" + i + "]." + HOST_PROCESS,
                            Tree.at(all.get(i), HOST_PROCESS),
                            "pod hostProcess value must be identical if both are specified, was " + whole);
                }
                containers++;
                ofHost += ownSet ? own ? 1 : 0 : whole ? 1 : 0;
            }
        }
        if (ofHost > 0 && ofHost != containers) {
            problems.invalid(path, "", "If pod contains any hostProcess containers then all containers must be "
                    + "HostProcess containers");
        }
        if (ofHost > 0 && !Tree.flag(spec, "hostNetwork")) {
            problems.invalid(path + ".hostNetwork", BooleanNode.FALSE,
                    "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }

    private static void user(String name, String path, Problems problems) {
        int backslash = name.indexOf('\\');
        if (name.isEmpty()) {
            problems.invalid(path, name, "runAsUserName cannot be an empty string");
        } else if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            problems.invalid(path, name, "runAsUserName cannot contain control characters");
        } else if (backslash != name.lastIndexOf('\\')) {
            problems.invalid(path, name, "runAsUserName cannot contain more than one backslash");
        } else {
            String domain = name.substring(0, Math.max(backslash, 0));
            String user = name.substring(backslash + 1);
            if (domain.length() >= MAX_DOMAIN) {
                problems.invalid(path, name, "runAsUserName's Domain length must be under 256 characters");
            }
            if (backslash >= 0 && !NETBIOS.matcher(domain).matches() && !DNS.matcher(domain).matches()) {
                problems.invalid(path, name, "runAsUserName's Domain doesn't match the NetBios nor the DNS format");
            }
            if (user.isEmpty()) {
                problems.invalid(path, name, "runAsUserName's User cannot be empty");
            } else if (user.getBytes(StandardCharsets.UTF_8).length > MAX_USER) {
                problems.invalid(path, name, "runAsUserName's User length must not be longer than 104 characters");
            }
            if (user.matches("[. ]+")) {
                problems.invalid(path, name, "runAsUserName's User cannot contain only periods or spaces");
            }
            if (user.chars().anyMatch(c -> BANNED.indexOf(c) >= 0)) {
                problems.invalid(path, name, "runAsUserName's User cannot contain the following characters: " + BANNED);
            }
        }
    }
}
