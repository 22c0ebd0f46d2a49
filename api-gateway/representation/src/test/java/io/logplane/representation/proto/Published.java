package io.logplane.representation.proto;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Flowcontrol;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Node;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Resource;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Autoscaling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The message descriptors in the official Java client, by full name.
final class Published {
    private static final List<FileDescriptor> FILES = List.of(V1.getDescriptor(), Meta.getDescriptor(),
            Resource.getDescriptor(),
            IntStr.getDescriptor(), V1Apps.getDescriptor(), V1Authentication.getDescriptor(),
            V1Authorization.getDescriptor(),
            V1Autoscaling.getDescriptor(), V1Batch.getDescriptor(), V1Certificates.getDescriptor(),
            V1Coordination.getDescriptor(),
            V1Discovery.getDescriptor(), V1Events.getDescriptor(), V1Flowcontrol.getDescriptor(),
            V1Networking.getDescriptor(),
            V1Node.getDescriptor(), V1Policy.getDescriptor(), V1Rbac.getDescriptor(), V1Resource.getDescriptor(),
            V1Scheduling.getDescriptor(), V1Storage.getDescriptor(), V2Autoscaling.getDescriptor(),
            V1Admissionregistration.getDescriptor());
    private static final Map<String, Descriptor> MESSAGES = new HashMap<>();

    static {
        FILES.forEach(file -> file.getMessageTypes().forEach(message -> MESSAGES.put(message.getFullName(), message)));
    }

    private Published() {
    }

    static Descriptor descriptor(String fullName) {
        return MESSAGES.get(fullName);
    }
}
