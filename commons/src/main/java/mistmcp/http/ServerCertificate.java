package mistmcp.http;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.settings.Secret;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate that a server shows, read again when its files change. A new pair that cannot be used is
/// left alone, and the one before serves on. A change is taken once both files have stayed as they are for
/// one look, so that a pair that is being written is not judged by its half.
final class ServerCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

    private final TlsFiles files;
    private final SslContextFactory.Server context;
    private final Secret password = new Secret(UUID.randomUUID().toString());
    private final AtomicReference<State> state;
    private final Thread watcher;
    private TlsPair.Content seen;

    private record State(TlsPair pair, TlsPair.Content content, Optional<String> fault) {}

    private ServerCertificate(TlsFiles files, State first) {
        this.files = files;
        this.state = new AtomicReference<>(first);
        this.seen = first.content();
        this.context = new SslContextFactory.Server();
        this.watcher = Thread.ofVirtual().name("tls-files").unstarted(this::watch);
        show(context, first.pair());
    }

    /// Reads the files and begins to watch them.
    static ServerCertificate open(TlsFiles files) throws UnusableCertificate {
        var content = TlsPair.Content.of(files);
        var pair = TlsPair.of(content, files, Instant.now());
        var opened = new ServerCertificate(files, new State(pair, content, Optional.empty()));
        opened.watcher.start();
        return opened;
    }

    SslContextFactory.Server context() {
        return context;
    }

    /// What keeps the newest files from being used, or that the certificate in use has ended.
    Optional<String> fault() {
        var now = state.get();
        var ended = Optional.of("the certificate in use ended at " + now.pair().end())
                .filter(_ -> !Instant.now().isBefore(now.pair().end()));
        return now.fault().or(() -> ended);
    }

    Instant end() {
        return state.get().pair().end();
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void show(SslContextFactory.Server factory, TlsPair pair) {
        factory.setKeyStore(pair.store(password));
        factory.setKeyStorePassword(password.reveal());
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(files.lookEvery());
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        var before = state.get();
        try {
            var content = TlsPair.Content.of(files);
            boolean settled = content.same(seen);
            seen = content;
            if (settled && !content.same(before.content())) {
                take(content);
            } else if (settled && before.fault().isPresent()) {
                LOG.info("the certificate in use is that of the files again");
                state.set(new State(before.pair(), before.content(), Optional.empty()));
            }
        } catch (UnusableCertificate unusable) {
            keep(String.valueOf(unusable.getMessage()));
        } catch (RuntimeException failed) {
            LOG.error("the certificate could not be looked at", failed);
            keep("the new certificate could not be taken; the log has the reason");
        }
    }

    private void take(TlsPair.Content content) throws UnusableCertificate {
        var pair = TlsPair.of(content, files, Instant.now());
        try {
            context.reload(factory -> show(context, pair));
        } catch (Exception failed) {
            throw new UnusableCertificate("the certificate `" + files.certificate() + "` cannot be served");
        }
        state.set(new State(pair, content, Optional.empty()));
        LOG.info("a new certificate is served end={}", pair.end());
    }

    private void keep(String why) {
        var before = state.get();
        var told = "a new certificate is not used, the one before serves on until "
                + before.pair().end() + ": " + why;
        if (!before.fault().equals(Optional.of(told))) {
            LOG.warn("{}", told);
        }
        state.set(new State(before.pair(), before.content(), Optional.of(told)));
    }
}
