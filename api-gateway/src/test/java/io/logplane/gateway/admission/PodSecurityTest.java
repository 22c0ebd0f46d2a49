package io.logplane.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.logplane.gateway.podsecurity.Level;
import io.logplane.gateway.podsecurity.Policy;
import io.logplane.gateway.podsecurity.Standards;
import io.logplane.schemas.model.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One pod per check. Shape: `spec` is laid over a pod with one container `c`; `container` over that container.
class PodSecurityTest {
    private static final String GOOD = "{'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']},"
            + "'runAsNonRoot':true,'seccompProfile':{'type':'RuntimeDefault'}}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            baseline | latest | {'hostNetwork':true,'hostPID':true} | {} | host namespaces (hostNetwork=true, hostPID=true)
            baseline | latest | {'volumes':[{'name':'v','hostPath':{'path':'/'}}]} | {} | hostPath volumes (volume "v")
            baseline | latest | {} | {'ports':[{'hostPort':80}]} | hostPort (container "c" uses hostPort 80)
            baseline | latest | {} | {'livenessProbe':{'httpGet':{'host':'h'}}} | probe or lifecycle host (container "c" uses probe or lifecycle host "h")
            baseline | v1.33 | {} | {'livenessProbe':{'httpGet':{'host':'h'}}} | -
            baseline | latest | {} | {'securityContext':{'privileged':true}} | privileged (container "c" must not set securityContext.privileged=true)
            baseline | latest | {} | {'securityContext':{'capabilities':{'add':['SYS_ADMIN','CHOWN']}}} | non-default capabilities (container "c" must not include "SYS_ADMIN" in securityContext.capabilities.add)
            baseline | latest | {} | {'securityContext':{'procMount':'Unmasked'}} | procMount (container "c" must not set securityContext.procMount to "Unmasked")
            baseline | latest | {'securityContext':{'seccompProfile':{'type':'Unconfined'}}} | {} | seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")
            baseline | v1.18 | {'securityContext':{'seccompProfile':{'type':'Unconfined'}}} | {} | -
            baseline | latest | {'securityContext':{'sysctls':[{'name':'kernel.msgmax'},{'name':'net.ipv4.tcp_syncookies'}]}} | {} | forbidden sysctls (kernel.msgmax)
            baseline | latest | {'securityContext':{'seLinuxOptions':{'type':'x','user':'u'}}} | {} | seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "x"; user may not be set)
            baseline | latest | {'securityContext':{'windowsOptions':{'hostProcess':true}}} | {} | hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)
            restricted | latest | {} | {'securityContext':GOOD} | -
            restricted | latest | {'volumes':[{'name':'v','hostPath':{'path':'/'}}]} | {'securityContext':GOOD} | restricted volume types (volume "v" uses restricted volume type "hostPath")
            restricted | latest | {'securityContext':{'runAsUser':0}} | {'securityContext':GOOD} | runAsUser=0 (pod must not set runAsUser=0)
            restricted | v1.22 | {'securityContext':{'runAsUser':0}} | {'securityContext':GOOD} | -
            privileged | latest | {'hostNetwork':true} | {} | -
            """)
    void aPodIsToldWhatItMustNot(String level, String version, String spec, String container, String found) {
        ObjectNode pod = json(spec);
        ObjectNode one = json(container);
        one.put("name", "c");
        pod.putArray("containers").add(one);

        String text = Standards.text(Standards.check(Json.newObject(), pod, new Policy(Level.parse(level).orElseThrow(),
                Policy.version(version).orElseThrow())));

        assertThat(text).isEqualTo(found == null ? "" : found);
    }

    private static ObjectNode json(String text) {
        return Json.object(text.replace("GOOD", GOOD).replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
