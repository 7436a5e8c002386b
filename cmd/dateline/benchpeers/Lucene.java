import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.range.LongRange;
import org.apache.lucene.facet.range.LongRangeFacetCounts;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopDocsCollector;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Lucene as a peer of `dateline bench`: java Lucene.java [ARTICLES INDEX QUERIES]. It indexes the
 * articles of a file of JSON lines, measures the queries of another, and prints what it found as
 * JSON lines. One thread; times are CPU time of that thread. It runs with Lucene 8.7 to 10.6: what
 * differs between them is called by reflection, once for each query.
 */
public class Lucene {
  static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  final EnglishAnalyzer analyzer = new EnglishAnalyzer();
  final FacetsConfig config = new FacetsConfig();
  final Map<String, SortedSetDocValuesReaderState> states = new HashMap<>();
  List<String> facets;
  LongRange[] months;
  IndexSearcher searcher;

  public static void main(String[] args) throws Exception {
    if (args.length == 0) { // only whether it would run
      System.out.println(org.apache.lucene.util.Version.LATEST);
      return;
    }
    try (BufferedReader queries = Files.newBufferedReader(Paths.get(args[2]))) {
      Lucene l = new Lucene();
      Map<String, Object> head = object(queries.readLine());
      l.facets = strings(head.get("facets"));
      for (String f : l.facets) {
        l.config.setIndexFieldName(f, "$" + f);
        l.config.setMultiValued(f, true);
      }
      List<Object> edges = list(head.get("months"));
      l.months = new LongRange[edges.size() - 1];
      for (int i = 0; i < l.months.length; i++) {
        l.months[i] = new LongRange("" + i, number(edges.get(i)), true, number(edges.get(i + 1)), false);
      }
      l.index(Paths.get(args[0]), Paths.get(args[1]));
      l.open(Paths.get(args[1]));
      long limit = number(head.get("limit_ms")) * 1_000_000;
      for (String line; (line = queries.readLine()) != null; ) {
        Map<String, Object> kind = object(line);
        List<Asked> asked = new ArrayList<>();
        for (Object q : list(kind.get("queries"))) {
          asked.add(l.new Asked(map(q)));
        }
        System.out.println(measure((String) kind.get("kind"), asked, limit));
      }
    }
  }

  static double cpuSeconds() {
    long ms = 0;
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      ms += gc.getCollectionTime(); // on a thread of its own, which does nothing else
    }
    return THREADS.getCurrentThreadCpuTime() / 1e9 + ms / 1e3;
  }

  void index(Path articles, Path dir) throws IOException {
    FieldType text = new FieldType(TextField.TYPE_STORED);
    text.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS); // for the highlighter
    text.freeze();
    IndexWriterConfig wc = new IndexWriterConfig(analyzer);
    wc.setRAMBufferSizeMB(256);
    wc.setMergeScheduler(new SerialMergeScheduler()); // on this thread, so that it counts
    int docs = 0;
    double cpu = 0;
    try (Directory d = FSDirectory.open(dir);
        IndexWriter w = new IndexWriter(d, wc);
        BufferedReader in = Files.newBufferedReader(articles)) {
      for (String line; (line = in.readLine()) != null; docs++) {
        Map<String, Object> a = object(line);
        double began = cpuSeconds(); // reading the line is not Lucene's
        Document doc = new Document();
        doc.add(new StringField("id", (String) a.get("id"), Field.Store.YES));
        doc.add(new StoredField("url", (String) a.get("url")));
        doc.add(new Field("title", (String) a.get("title"), text));
        doc.add(new Field("body", (String) a.get("body"), text));
        long published = number(a.get("published"));
        doc.add(new LongPoint("published", published));
        doc.add(new NumericDocValuesField("published", published));
        doc.add(new StoredField("published", published));
        List<Object> values = list(a.get("values"));
        for (int i = 0; i < facets.size(); i++) {
          for (String v : strings(values.get(i))) {
            doc.add(new StringField(facets.get(i), v, Field.Store.NO)); // for filters
            doc.add(new SortedSetDocValuesFacetField(facets.get(i), v));
          }
        }
        w.addDocument(config.build(doc));
        cpu += cpuSeconds() - began;
      }
      double began = cpuSeconds();
      w.commit();
      cpu += cpuSeconds() - began;
    }
    System.out.printf("{\"version\":\"%s\",\"docs\":%d,\"cpu_seconds\":%s}%n", org.apache.lucene.util.Version.LATEST, docs, cpu);
  }

  void open(Path dir) throws Exception {
    DirectoryReader reader = DirectoryReader.open(FSDirectory.open(dir));
    searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null); // else a repeated query is no search
    for (String f : facets) {
      states.put(f, state(reader, "$" + f));
    }
  }

  static SortedSetDocValuesReaderState state(IndexReader r, String field) throws Exception {
    Class<DefaultSortedSetDocValuesReaderState> c = DefaultSortedSetDocValuesReaderState.class;
    try {
      return c.getConstructor(IndexReader.class, String.class, FacetsConfig.class).newInstance(r, field, new FacetsConfig());
    } catch (NoSuchMethodException e) { // Lucene 8
      return c.getConstructor(IndexReader.class, String.class).newInstance(r, field);
    }
  }

  /** Collectors that count every hit. */
  static class Collectors {
    static final Method SCORED = method("org.apache.lucene.search.TopScoreDocCollector", int.class, ScoreDoc.class, int.class);
    static final Method SORTED = method("org.apache.lucene.search.TopFieldCollector", Sort.class, int.class, int.class);

    static Method method(String name, Class<?>... params) {
      try {
        return Class.forName(name).getMethod("create", params);
      } catch (ReflectiveOperationException e) {
        return null; // Lucene 10
      }
    }

    static TopDocsCollector<?> scored(int n) throws Exception {
      if (SCORED != null) {
        return (TopDocsCollector<?>) SCORED.invoke(null, n, null, Integer.MAX_VALUE);
      }
      return managed("TopScoreDocCollectorManager", n, Integer.MAX_VALUE);
    }

    static TopDocsCollector<?> sorted(Sort sort, int n) throws Exception {
      if (SORTED != null) {
        return (TopDocsCollector<?>) SORTED.invoke(null, sort, n, Integer.MAX_VALUE);
      }
      return managed("TopFieldCollectorManager", sort, n, Integer.MAX_VALUE);
    }

    static TopDocsCollector<?> managed(String name, Object... args) throws Exception {
      for (Constructor<?> c : Class.forName("org.apache.lucene.search." + name).getConstructors()) {
        if (c.getParameterCount() == args.length) {
          return (TopDocsCollector<?>) ((CollectorManager<?, ?>) c.newInstance(args)).newCollector();
        }
      }
      throw new NoSuchMethodException(name);
    }
  }

  /** A query as asked for. */
  class Asked {
    final Query words, all;
    final Map<String, Query> without = new HashMap<>(); // each chosen field's own filter left out
    final boolean everything, countFacets, countMonths, byDate, page;

    Asked(Map<String, Object> q) throws IOException {
      countFacets = flag(q, "facets");
      countMonths = flag(q, "months");
      byDate = flag(q, "by_date");
      page = flag(q, "page");
      words = words((String) q.get("op"), strings(q.get("words")));
      Map<String, Query> filters = new HashMap<>();
      for (Map.Entry<String, Object> f : map(q.get("filters")).entrySet()) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (String v : strings(f.getValue())) {
          any.add(new TermQuery(new Term(f.getKey(), v)), Occur.SHOULD);
        }
        filters.put(f.getKey(), any.build());
      }
      long from = number(q.get("from")), to = number(q.get("to"));
      if (to > 0) {
        filters.put("published", LongPoint.newRangeQuery("published", from, to - 1));
      }
      all = filtered(filters, "");
      for (String f : filters.keySet()) {
        if (countFacets && facets.contains(f)) {
          without.put(f, filtered(filters, f));
        }
      }
      everything = all instanceof MatchAllDocsQuery;
    }

    Query filtered(Map<String, Query> filters, String but) {
      BooleanQuery.Builder b = new BooleanQuery.Builder().add(words, Occur.MUST);
      int n = 0;
      for (Map.Entry<String, Query> f : filters.entrySet()) {
        if (!f.getKey().equals(but)) {
          b.add(f.getValue(), Occur.FILTER);
          n++;
        }
      }
      return n == 0 ? words : b.build();
    }

    /** Answers the query and gives its total. */
    int run() throws Exception {
      int n = page ? 20 : 10;
      TopDocsCollector<?> top = byDate
          ? Collectors.sorted(new Sort(new SortField("published", SortField.Type.LONG, true)), n)
          : Collectors.scored(n);
      FacetsCollector hits = (countFacets && !everything) || countMonths ? new FacetsCollector() : null;
      collect(all, hits == null ? top : MultiCollector.wrap(top, hits));
      if (countFacets) {
        for (String f : facets) {
          if (!without.containsKey(f)) {
            count(f, hits);
          }
        }
        for (Map.Entry<String, Query> f : without.entrySet()) {
          FacetsCollector own = new FacetsCollector();
          collect(f.getValue(), own);
          count(f.getKey(), own);
        }
      }
      if (countMonths) {
        new LongRangeFacetCounts("published", hits, months).getTopChildren(months.length, "published");
      }
      if (page) {
        TopDocs docs = top.topDocs();
        for (ScoreDoc d : docs.scoreDocs) {
          Stored.read(searcher, d.doc);
        }
        String[] marked = new UnifiedHighlighter(searcher, analyzer).highlight("body", words, docs, 3);
        if (marked.length != docs.scoreDocs.length) {
          throw new IllegalStateException(marked.length + " of " + docs.scoreDocs.length + " hits are marked");
        }
      }
      return top.getTotalHits();
    }

    void count(String field, FacetsCollector hits) throws IOException {
      SortedSetDocValuesReaderState s = states.get(field);
      SortedSetDocValuesFacetCounts c = everything ? new SortedSetDocValuesFacetCounts(s) : new SortedSetDocValuesFacetCounts(s, hits);
      c.getTopChildren(20, field);
    }

    void collect(Query q, Collector c) throws IOException {
      searcher.search(q, new CollectorManager<Collector, Object>() {
        @Override
        public Collector newCollector() {
          return c;
        }

        @Override
        public Object reduce(Collection<Collector> l) {
          return null;
        }
      });
    }
  }

  /** What a hit shows beside its marked text. */
  static class Stored {
    static final Set<String> FIELDS = new HashSet<>(Arrays.asList("id", "url", "title", "published"));
    static final Method FROM = from();

    static Method from() {
      try {
        return IndexSearcher.class.getMethod("storedFields");
      } catch (NoSuchMethodException e) {
        return null; // before Lucene 9.5
      }
    }

    static void read(IndexSearcher s, int doc) throws Exception {
      if (FROM == null) {
        IndexSearcher.class.getMethod("doc", int.class, Set.class).invoke(s, doc, FIELDS);
        return;
      }
      Object fields = FROM.invoke(s);
      FROM.getReturnType().getMethod("document", int.class, Set.class).invoke(fields, doc, FIELDS);
    }
  }

  Query words(String op, List<String> words) throws IOException {
    if (op.equals("all")) {
      return new MatchAllDocsQuery();
    }
    if (op.equals("phrase")) {
      return either(field -> {
        PhraseQuery.Builder p = new PhraseQuery.Builder();
        for (String w : words) {
          p.add(new Term(field, stem(w)));
        }
        return p.build();
      });
    }
    BooleanQuery.Builder b = new BooleanQuery.Builder();
    for (String w : words) {
      Query q = either(field -> op.equals("prefix") ? new PrefixQuery(new Term(field, w)) : new TermQuery(new Term(field, stem(w))));
      if (words.size() == 1) {
        return q;
      }
      b.add(q, op.equals("or") ? Occur.SHOULD : Occur.MUST);
    }
    return b.build();
  }

  interface InField {
    Query query(String field) throws IOException;
  }

  static Query either(InField f) throws IOException {
    return new BooleanQuery.Builder()
        .add(new BoostQuery(f.query("title"), 2), Occur.SHOULD)
        .add(f.query("body"), Occur.SHOULD)
        .build();
  }

  String stem(String word) throws IOException {
    try (TokenStream ts = analyzer.tokenStream("body", word)) {
      CharTermAttribute term = ts.addAttribute(CharTermAttribute.class);
      ts.reset();
      String s = ts.incrementToken() ? term.toString() : word;
      ts.end();
      return s;
    }
  }

  static String measure(String kind, List<Asked> queries, long limit) throws Exception {
    int n = queries.size();
    int[] totals = new int[n];
    int[] repeat = new int[n];
    long warm = Math.max(2 * limit, 2_000_000_000L); // for the compiler
    for (long began = System.nanoTime(), i = 0; i < n || System.nanoTime() - began < warm; i++) {
      int k = (int) (i % n);
      long clock = THREADS.getCurrentThreadCpuTime();
      totals[k] = queries.get(k).run();
      // What is shorter than the clock can tell is run several times for one sample.
      repeat[k] = (int) (1 + 200_000 / Math.max(1000, THREADS.getCurrentThreadCpuTime() - clock));
    }
    System.gc();
    List<Double> ms = new ArrayList<>();
    for (long began = System.nanoTime(), i = 0; i < Math.max(n, 5) || System.nanoTime() - began < limit; i++) {
      int k = (int) (i % n);
      long clock = THREADS.getCurrentThreadCpuTime();
      for (int j = 0; j < repeat[k]; j++) {
        queries.get(k).run();
      }
      ms.add((THREADS.getCurrentThreadCpuTime() - clock) / 1e6 / repeat[k]);
    }
    ms.sort(null);
    StringBuilder b = new StringBuilder("{\"kind\":\"" + kind + "\",\"samples\":" + ms.size());
    for (int p : new int[] {50, 95, 99}) {
      b.append(",\"p" + p + "\":" + ms.get((int) (p / 100.0 * (ms.size() - 1) + 0.5)));
    }
    return b.append(",\"totals\":" + Arrays.toString(totals) + "}").toString();
  }

  static boolean flag(Map<String, Object> m, String name) {
    return Boolean.TRUE.equals(m.get(name));
  }

  static long number(Object o) {
    return o == null ? 0 : ((Double) o).longValue();
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object o) {
    return o == null ? new ArrayList<>() : (List<Object>) o;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object o) {
    return o == null ? new HashMap<>() : (Map<String, Object>) o;
  }

  static List<String> strings(Object o) {
    List<String> out = new ArrayList<>();
    for (Object s : list(o)) {
      out.add((String) s);
    }
    return out;
  }

  static Map<String, Object> object(String line) {
    return map(new Json(line).value());
  }

  /** The little of JSON that dateline writes. */
  static class Json {
    final String s;
    int i;

    Json(String s) {
      this.s = s;
    }

    Object value() {
      char c = s.charAt(i);
      if (c == '{') {
        Map<String, Object> m = new HashMap<>();
        for (i++; s.charAt(i) != '}'; i += s.charAt(i) == ',' ? 1 : 0) {
          String key = string();
          i++; // the colon
          m.put(key, value());
        }
        i++;
        return m;
      }
      if (c == '[') {
        List<Object> l = new ArrayList<>();
        for (i++; s.charAt(i) != ']'; i += s.charAt(i) == ',' ? 1 : 0) {
          l.add(value());
        }
        i++;
        return l;
      }
      if (c == '"') {
        return string();
      }
      int from = i;
      while (i < s.length() && ",]}".indexOf(s.charAt(i)) < 0) {
        i++;
      }
      String word = s.substring(from, i);
      if (word.equals("null")) {
        return null;
      }
      return word.equals("true") || word.equals("false") ? (Object) Boolean.valueOf(word) : Double.valueOf(word);
    }

    String string() {
      StringBuilder b = new StringBuilder();
      for (i++; s.charAt(i) != '"'; i++) {
        char c = s.charAt(i);
        if (c != '\\') {
          b.append(c);
          continue;
        }
        c = s.charAt(++i);
        if (c == 'u') {
          b.append((char) Integer.parseInt(s.substring(i + 1, i + 5), 16));
          i += 4;
        } else {
          int k = "bfnrt".indexOf(c);
          b.append(k < 0 ? c : "\b\f\n\r\t".charAt(k));
        }
      }
      i++;
      return b.toString();
    }
  }
}
