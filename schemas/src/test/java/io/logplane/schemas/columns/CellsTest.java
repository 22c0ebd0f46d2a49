package io.logplane.schemas.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.logplane.schemas.Samples;
import io.logplane.schemas.types.Column;
import io.logplane.schemas.types.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows of tables: type, object, its cells joined by "/ ", wide ones included.
class CellsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String TWO = "'spec':{'containers':[{'name':'a','image':'i'},{'name':'b','image':'j'}],"
            + "'initContainers':[{'name':'i1'},{'name':'i2'}]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'phase':'Pending'|0/2, Pending, 0",
        "'phase':'Pending','initContainerStatuses':[{'name':'i1','state':{'terminated':{'exitCode':0}}},"
                + "{'name':'i2','state':{'running':{}}}]|0/2, Init:1/2, 0",
        "'phase':'Pending','initContainerStatuses':[{'name':'i1','restartCount':2,'state':{'waiting':{'reason':"
                + "'CrashLoopBackOff'}},'lastState':{'terminated':{'finishedAt':'2026-11-20T11:55:00Z'}}}]|"
                + "0/2, Init:CrashLoopBackOff, 2 (5m ago)",
        "'phase':'Pending','initContainerStatuses':[{'name':'i1','state':{'terminated':{'exitCode':3}}}]|"
                + "0/2, Init:ExitCode:3, 0",
        "'phase':'Running','containerStatuses':[{'name':'a','ready':true,'state':{'running':{}}},{'name':'b',"
                + "'restartCount':3,'state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{'terminated':"
                + "{'finishedAt':'2026-11-20T11:55:00Z'}}}]|1/2, CrashLoopBackOff, 3 (5m ago)",
        "'phase':'Running','containerStatuses':[{'ready':true,'state':{'running':{}}},{'ready':true,'state':"
                + "{'running':{}}}]|2/2, Running, 0",
        "'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}}]|0/2, Completed, 0",
        "'phase':'Running','conditions':[{'type':'Ready','status':'True'}],'containerStatuses':[{'state':"
                + "{'terminated':{'reason':'Completed'}}},{'ready':true,'state':{'running':{}}}]|1/2, Running, 0",
        "'phase':'Failed','containerStatuses':[{'state':{'terminated':{'exitCode':1,'signal':9}}}]|0/2, Signal:9, 0",
        "'phase':'Failed','reason':'Evicted'|0/2, Evicted, 0",
        "'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False','reason':'SchedulingGated'}]|"
                + "0/2, SchedulingGated, 0"})
    void aPodsStatusIsOneWord(String status, String expected) {
        List<Object> cells = cells("pods", "{" + TWO + ",'status':{" + status + "}}");
        assertThat(cells.get(1) + ", " + cells.get(2) + ", " + cells.get(3)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Running,Terminating", "Succeeded,Succeeded"})
    void aPodBeingDeletedIsTerminatingUnlessItHasEnded(String phase, String expected) {
        assertThat(cells("pods", "{'metadata':{'deletionTimestamp':'2026-11-20T12:00:00Z'},'status':{'phase':'" + phase
                + "'}}").get(2)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pods|{" + TWO + ",'status':{'podIPs':[{'ip':'10.1.2.3'}]}}|x/ 0/2/ / 0/ 60m/ 10.1.2.3/ <none>/ <none>/ <none>",
        "nodes|{'metadata':{'labels':{'node-role.kubernetes.io/control-plane':''}},'spec':{'unschedulable':true},"
                + "'status':{'conditions':[{'type':'Ready','status':'True'}],'addresses':[{'type':'InternalIP',"
                + "'address':'10.0.0.1'}],'nodeInfo':{'kubeletVersion':'v1.36.0'}}}|x/ Ready,SchedulingDisabled/ "
                + "control-plane/ 60m/ v1.36.0/ 10.0.0.1/ <none>/ <unknown>/ <unknown>/ <unknown>",
        "services|{'spec':{'type':'NodePort','clusterIPs':['10.0.0.9'],'ports':[{'port':80,'nodePort':30080,"
                + "'protocol':'TCP'},{'port':53,'protocol':'UDP'}],'selector':{'b':'2','a':'1'}}}|x/ NodePort/ "
                + "10.0.0.9/ <none>/ 80:30080/TCP,53/UDP/ 60m/ a=1,b=2",
        "services|{'spec':{'type':'LoadBalancer','clusterIPs':['10.0.0.9']}}|x/ LoadBalancer/ 10.0.0.9/ <pending>/ "
                + "<none>/ 60m/ <none>",
        "deployments.apps|{'spec':{'replicas':3,'selector':{'matchLabels':{'a':'b'}}},'status':{'readyReplicas':2,"
                + "'updatedReplicas':1,'availableReplicas':2}}|x/ 2/3/ 1/ 2/ 60m/ / / a=b",
        "configmaps|{'data':{'a':'1'},'binaryData':{'b':''}}|x/ 2/ 60m",
        "secrets|{'type':'Opaque','data':{'a':''}}|x/ Opaque/ 1/ 60m",
        "jobs.batch|{'spec':{'completions':2},'status':{'succeeded':1,'startTime':'2026-11-20T11:59:00Z'}}|x/ Running/ "
                + "1/2/ 60s/ 60m/ / / <none>",
        "cronjobs.batch|{'spec':{'schedule':'* * * * *','suspend':false}}|x/ * * * * */ <none>/ False/ 0/ <none>/ "
                + "60m/ / / <none>",
        "events|{'lastTimestamp':'2026-11-20T11:58:00Z','firstTimestamp':'2026-11-20T11:50:00Z','count':4,'type':"
                + "'Normal','reason':'Pulled','message':'m ','involvedObject':{'kind':'Pod','name':'p'},'source':"
                + "{'component':'kubelet','host':'n'}}|2m/ Normal/ Pulled/ pod/p/ / kubelet, n/ m/ 10m/ 4/ x",
        "persistentvolumeclaims|{'spec':{'volumeName':'v','volumeMode':'Filesystem'},'status':{'phase':'Bound',"
                + "'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce']}}|x/ Bound/ v/ 1Gi/ RWO/ / <unset>/ "
                + "60m/ Filesystem",
        "roles.rbac.authorization.k8s.io|{}|x/ 2026-11-20T11:00:00Z",
        "rolebindings.rbac.authorization.k8s.io|{'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':"
                + "'ServiceAccount','namespace':'n','name':'s'},{'kind':'User','name':'u'}]}|x/ Role/r/ 60m/ u/ / n/s",
        "horizontalpodautoscalers.autoscaling|{'spec':{'minReplicas':1,'maxReplicas':3,'scaleTargetRef':{'kind':"
                + "'Deployment','name':'d'},'metrics':[{'type':'Resource','resource':{'name':'cpu','target':"
                + "{'averageUtilization':80}}}]}}|x/ Deployment/d/ cpu: <unknown>/80%/ 1/ 3/ 0/ 60m",
        "leases.coordination.k8s.io|{'spec':{'holderIdentity':'n1'}}|x/ n1/ 60m",
        "endpoints|{'subsets':[{'addresses':[{'ip':'1.1.1.1'},{'ip':'1.1.1.2'}],'ports':[{'port':1},{'port':2}]}]}|"
                + "x/ 1.1.1.1:1,1.1.1.1:2,1.1.1.2:1 + 1 more.../ 60m",
        "storageclasses.storage.k8s.io|{'metadata':{'annotations':{'storageclass.kubernetes.io/is-default-class':"
                + "'true'}},'provisioner':'p'}|x (default)/ p/ Delete/ Immediate/ false/ 60m"})
    void aRowIsPrintedAsUpstream(String typeName, String object, String expected) {
        String row = cells(typeName, object).stream().map(String::valueOf).collect(Collectors.joining("/ "));
        assertThat(row).isEqualTo(expected);
    }

    private static List<Object> cells(String typeName, String object) {
        ResourceType type = Samples.type(typeName);
        var node = Samples.identified(type, Samples.json(object));
        return type.columns().stream().map(Column::cell).map(c -> c.apply(node, NOW)).toList();
    }
}
