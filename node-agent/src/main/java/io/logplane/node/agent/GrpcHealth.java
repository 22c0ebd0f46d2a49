package io.logplane.node.agent;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// One call of `grpc.health.v1.Health/Check`, whose messages have one field each.
///
/// | message | field | type |
/// |---|---|---|
/// | HealthCheckRequest | 1 service | string |
/// | HealthCheckResponse | 1 status | enum: UNKNOWN, SERVING, NOT_SERVING, SERVICE_UNKNOWN |
///
/// Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
final class GrpcHealth {
    static final String SERVING = "SERVING";
    private static final String[] STATUSES = {"UNKNOWN", SERVING, "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final MethodDescriptor<String, String> CHECK = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Service()).setResponseMarshaller(new Answer()).build();

    private GrpcHealth() {
    }

    /// Errors: io.grpc.StatusRuntimeException.
    static String ask(String host, int port, String service, Duration timeout) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().userAgent("kube-probe/1.36")
                .build();
        try {
            return ClientCalls.blockingUnaryCall(channel, CHECK, CallOptions.DEFAULT.withDeadlineAfter(timeout
                    .toMillis(), TimeUnit.MILLISECONDS), service);
        } finally {
            channel.shutdownNow();
        }
    }

    private static final class Service implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                if (!service.isEmpty()) {
                    out.writeString(1, service);
                }
                out.flush();
                return new ByteArrayInputStream(bytes.toByteArray());
            } catch (IOException inMemory) {
                throw new UncheckedIOException(inMemory);
            }
        }

        @Override
        public String parse(InputStream request) {
            throw new UnsupportedOperationException("this is a client");
        }
    }

    private static final class Answer implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String answer) {
            throw new UnsupportedOperationException("this is a client");
        }

        @Override
        public String parse(InputStream answer) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(answer);
                int status = 0;
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag >>> 3 == 1) {
                        status = in.readEnum();
                    } else {
                        in.skipField(tag);
                    }
                }
                return status >= 0 && status < STATUSES.length ? STATUSES[status] : String.valueOf(status);
            } catch (IOException unreadable) {
                throw Status.INTERNAL.withDescription("unreadable answer").withCause(unreadable).asRuntimeException();
            }
        }
    }
}
