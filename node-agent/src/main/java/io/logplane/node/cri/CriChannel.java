package io.logplane.node.cri;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.stub.ClientCalls;
import io.logplane.node.core.PodRuntime.RuntimeFault;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A gRPC channel on a unix socket. It reconnects by itself when the runtime comes back.
/// Thread: any. Errors: [RuntimeFault] for every gRPC status but OK.
final class CriChannel implements AutoCloseable {
    /// Containers with thousands of ports or labels stay far below; the runtime's own limit is the same 16 MiB.
    private static final int MAX_MESSAGE = 16 * 1024 * 1024;

    private final EventLoopGroup events = new MultiThreadIoEventLoopGroup(1,
            Thread.ofPlatform().name("cri-events").daemon().factory(), NioIoHandler.newFactory());
    private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
    private final ManagedChannel channel;

    CriChannel(Path socket) {
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(events)
                // The socket's path is no valid authority; some servers answer PROTOCOL_ERROR to it.
                .overrideAuthority("localhost").usePlaintext().maxInboundMessageSize(MAX_MESSAGE).executor(callbacks)
                .build();
    }

    <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration timeout) {
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return ClientCalls.blockingUnaryCall(channel, method, options, request);
        } catch (StatusRuntimeException failed) {
            String text = failed.getStatus().getDescription();
            boolean gone = failed.getStatus().getCode() == Status.Code.NOT_FOUND;
            throw new RuntimeFault(text == null ? failed.getStatus().getCode().name() : text, gone, failed);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        callbacks.shutdownNow();
        events.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
