package io.logplane.schemas.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.schemas.model.NameFormat;
import io.logplane.schemas.model.Tree;
import java.util.List;
import java.util.regex.Pattern;

/// How a pod finds others by name: its resolver's configuration and its own table of hosts.
///
/// Source: validation of core/v1 in kube-apiserver 1.36.
final class DnsRules {
    /// What the resolver of Linux reads at most.
    private static final int MAX_NAMESERVERS = 3;
    /// What the kernel of Linux keeps.
    private static final int MAX_HOSTNAME = 64;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;
    private static final Pattern SEARCH = Pattern.compile("[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
            + "(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*");

    private DnsRules() {
    }

    static void all(JsonNode spec, String path, Problems problems) {
        List<String> servers = Tree.texts(spec, "dnsConfig.nameservers");
        if (Tree.text(spec, "dnsPolicy").equals("None")) {
            if (!Tree.has(spec, "dnsConfig")) {
                problems.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers.isEmpty()) {
                problems.required(path + ".nameservers",
                        "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (servers.size() > MAX_NAMESERVERS) {
            problems.invalid(path + ".nameservers", Tree.at(spec, "dnsConfig.nameservers"),
                    "must not have more than " + MAX_NAMESERVERS + " nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            IpFields.address(path + ".nameservers[" + i + "]", servers.get(i), List.of(), problems);
        }
        searches(Tree.at(spec, "dnsConfig.searches"), Tree.texts(spec, "dnsConfig.searches"), path + ".searches",
                problems);
        List<ObjectNode> options = Tree.objects(spec, "dnsConfig.options");
        for (int i = 0; i < options.size(); i++) {
            if (Tree.text(options.get(i), "name").isEmpty()) {
                problems.required(path + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    static void aliases(JsonNode spec, String path, Problems problems) {
        List<ObjectNode> aliases = Tree.objects(spec, "hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            IpFields.address(path + "[" + i + "].ip", Tree.text(aliases.get(i), "ip"), List.of(), problems);
            List<String> names = Tree.texts(aliases.get(i), "hostnames");
            for (int j = 0; j < names.size(); j++) {
                problems.format(NameFormat.SUBDOMAIN, path + "[" + i + "].hostnames[" + j + "]", names.get(j));
            }
        }
    }

    /// A hostname that is none in DNS: it does not go with those that are, nor with the host's own.
    static void override(JsonNode spec, String path, Problems problems) {
        if (!Tree.has(spec, "hostnameOverride")) {
            return;
        }
        String name = Tree.text(spec, "hostnameOverride");
        if (Tree.flag(spec, "setHostnameAsFQDN")) {
            problems.forbidden(path, "may not be specified when setHostnameAsFQDN is true");
        }
        if (Tree.flag(spec, "hostNetwork")) {
            problems.forbidden(path, "may not be specified when hostNetwork is true");
        }
        if (name.length() > MAX_HOSTNAME) {
            problems.tooLong(path, MAX_HOSTNAME);
        }
        problems.format(NameFormat.SUBDOMAIN, path, name);
    }

    private static void searches(JsonNode list, List<String> searches, String path, Problems problems) {
        if (searches.size() > MAX_SEARCHES) {
            problems.invalid(path, list, "must not have more than " + MAX_SEARCHES + " search paths");
        }
        if (String.join(" ", searches).length() > MAX_SEARCH_CHARACTERS) {
            problems.invalid(path, list, "must not have more than " + MAX_SEARCH_CHARACTERS
                    + " characters (including spaces) in the search list");
        }
        for (int i = 0; i < searches.size(); i++) {
            String search = searches.get(i);
            String name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            if (!search.equals(".")) {
                search(name, path + "[" + i + "]", problems);
            }
        }
    }

    private static void search(String name, String path, Problems problems) {
        if (name.length() > NameFormat.SUBDOMAIN_LENGTH) {
            problems.invalid(path, name, "must be no more than " + NameFormat.SUBDOMAIN_LENGTH + " characters");
        } else if (!SEARCH.matcher(name).matches() && !underscored(name)) {
            problems.invalid(path, name, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                    + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
                    + "'example.com', regex used for validation is '" + SEARCH.pattern() + "')");
        }
    }

    /// Names such as `_sip._tcp` are searched too.
    private static boolean underscored(String name) {
        return NameFormat.SUBDOMAIN.accepts(name.replace('_', '0'));
    }
}
