package mistmcp.gateway.model.planner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.model.ModelTool;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/// The tools of one caller, ready to be searched by BM25. Immutable.
final class Catalogue {
    private static final String TEXT = "text";

    private final List<ToolDoc> docs;
    private final IndexSearcher searcher;

    private Catalogue(List<ToolDoc> docs, IndexSearcher searcher) {
        this.docs = docs;
        this.searcher = searcher;
    }

    static Catalogue of(List<ModelTool> tools, Reader reader, Lexicon lexicon) {
        var docs = tools.stream().map(tool -> ToolDoc.of(tool, reader, lexicon)).toList();
        var directory = new ByteBuffersDirectory();
        try (var writer = new IndexWriter(directory, new IndexWriterConfig(new WhitespaceAnalyzer()))) {
            for (var doc : docs) {
                var document = new Document();
                document.add(new TextField(TEXT, words(doc.terms()), Field.Store.NO));
                writer.addDocument(document);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        try {
            return new Catalogue(docs, new IndexSearcher(DirectoryReader.open(directory)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    List<ToolDoc> docs() {
        return docs;
    }

    Optional<ToolDoc> named(String name) {
        return docs.stream().filter(doc -> doc.tool().name().equals(name)).findFirst();
    }

    /// The tool that finds things of any kind by a free text.
    Optional<ToolDoc> finder() {
        return docs.stream()
                .filter(ToolDoc::finds)
                .filter(doc -> doc.tool().denied().isEmpty())
                .findFirst();
    }

    /// BM25 of each tool for the concepts, from 0 to 1: the best has 1.
    Map<ToolDoc, Double> scores(Collection<String> concepts) {
        var scores = new HashMap<ToolDoc, Double>();
        if (concepts.isEmpty() || docs.isEmpty()) {
            return scores;
        }
        var query = new BooleanQuery.Builder();
        concepts.stream()
                .distinct()
                .limit(200)
                .forEach(
                        concept -> query.add(new TermQuery(new Term(TEXT, word(concept))), BooleanClause.Occur.SHOULD));
        try {
            var hits = searcher.search(query.build(), docs.size());
            double best = hits.scoreDocs.length == 0 ? 1 : hits.scoreDocs[0].score;
            for (var hit : hits.scoreDocs) {
                scores.put(docs.get(hit.doc), hit.score / best);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return scores;
    }

    private static String words(List<String> concepts) {
        return String.join(" ", concepts.stream().map(Catalogue::word).toList());
    }

    private static String word(String concept) {
        return concept.replace(' ', '+');
    }
}
