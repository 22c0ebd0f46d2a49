package io.logplane.gateway.podsecurity;

import io.logplane.schemas.model.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Who sets a field of the security context to what it must not be.
final class Setters {
    private static final Set<String> SYSCTLS = Set.of("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start");
    private static final Set<String> SYSCTLS_29 = Set.of("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes");
    private static final Set<String> SYSCTLS_32 = Set.of("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");

    private Setters() {
    }

    /// Shape: `pod`, `containers "a", "b"`; the values found go to `values`.
    static List<String> of(PodParts pod, String field, Predicate<String> wrong, Set<String> values) {
        List<String> who = new ArrayList<>();
        String onPod = Tree.text(pod.spec(), field);
        if (!onPod.isEmpty() && wrong.test(onPod)) {
            who.add("pod");
            values.add(onPod);
        }
        List<String> bad = pod.named(container -> {
            String value = Tree.text(container, field);
            boolean hit = !value.isEmpty() && wrong.test(value);
            if (hit) {
                values.add(value);
            }
            return hit;
        });
        if (!bad.isEmpty()) {
            who.add(PodParts.containers(bad));
        }
        return who;
    }

    static boolean safeSysctl(String name, int minor) {
        return SYSCTLS.contains(name) || minor >= 27 && name.equals("net.ipv4.ip_local_reserved_ports")
                || minor >= 29 && SYSCTLS_29.contains(name) || minor >= 32 && SYSCTLS_32.contains(name);
    }
}
