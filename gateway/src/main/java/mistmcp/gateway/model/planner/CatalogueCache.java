package mistmcp.gateway.model.planner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mistmcp.gateway.model.ModelTool;

/// The catalogues last used, so that a catalogue is indexed once and not for each message. Safe for several
/// threads.
final class CatalogueCache {
    private static final int MAX = 32;

    private final Reader reader;
    private final Lexicon lexicon;
    private final Map<List<ModelTool>, Catalogue> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<ModelTool>, Catalogue> eldest) {
            return size() > MAX;
        }
    };

    CatalogueCache(Reader reader, Lexicon lexicon) {
        this.reader = reader;
        this.lexicon = lexicon;
    }

    Catalogue of(List<ModelTool> tools) {
        synchronized (kept) {
            return kept.computeIfAbsent(tools, fresh -> Catalogue.of(fresh, reader, lexicon));
        }
    }
}
