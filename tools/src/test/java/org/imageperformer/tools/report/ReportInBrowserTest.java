package org.imageperformer.tools.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imageperformer.datasets.Datasets;
import org.imageperformer.eval.EvalListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in Chromium; left out where there is none. */
@Tag("slow")
class ReportInBrowserTest {
  private static final String HOSTILE =
      "<script>fetch('http:&#47;&#47;outside.test')<img src=x onerror=alert(1)>";

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static Path report;

  @BeforeAll
  static void write() throws IOException {
    Optional<Chromium> found = Chromium.find(Files.createDirectories(folder.resolve("scratch")));
    assumeTrue(found.isPresent(), "there is no Chromium on the PATH");
    chromium = found.get();
    report = folder.resolve("report.html");
    List<Path> runs =
        List.of(
            TinyRuns.run(folder.resolve("runs").resolve(HOSTILE), Datasets.info("MNIST"), 0),
            TinyRuns.run(folder.resolve("runs/a"), Datasets.info("MNIST"), 1),
            TinyRuns.run(
                folder.resolve("runs/" + "long".repeat(50)), Datasets.info("FashionMNIST"), 2),
            folder.resolve("runs/none" + HOSTILE));
    Report.write(
        new ReportRequest(
            runs,
            TinyRuns.options(EvalListener.silent()),
            Set.of(1),
            3,
            Optional.of(
                new ReportRequest.Rotation(
                    List.of(0.0, 30.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0), 20, false)),
            Optional.empty(),
            "Image Performer 0.1.0"),
        report);
  }

  @Test
  void whatAPageDoesWrongIsSeen() throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("wrong.html"),
            "<img src='http://outside.test/a.png'><img src='https://outside.test/b.png'>"
                + "<script>console.error('wrong'); missing();</script>");

    Chromium.Visit visit = chromium.visit(page);

    assertThat(visit.console())
        .hasSize(2)
        .anyMatch(line -> line.contains("\"wrong\""))
        .anyMatch(line -> line.contains("missing is not defined"));
    assertThat(visit.requests())
        .contains("GET http://outside.test/a.png HTTP/1.1", "CONNECT outside.test:443 HTTP/1.1");
  }

  @Test
  void theReportAsksForNothingAndComplainsOfNothing() throws Exception {
    Chromium.Visit visit = chromium.visit(report);

    assertThat(visit.dom()).contains("<h1>Image Performer: 3 runs on MNIST, FashionMNIST</h1>");
    assertThat(visit.console()).isEmpty();
    assertThat(visit.requests()).isEmpty();
  }

  @Test
  void everythingIsShownAtAnyWidthAndInTheDark() throws Exception {
    Measured light = probe();
    Measured dark = probe("--blink-settings=preferredColorScheme=0");

    for (Measured page : List.of(light, dark)) {
      for (JsonObject frame : page.frames()) {
        int width = frame.get("width").getAsInt();
        assertThat(frame.get("scrollWidth").getAsInt()).isEqualTo(width);
        assertThat(frame.get("images").getAsInt()).isEqualTo(12 * 3 + 5 * 2 + 9 * 2);
        assertThat(frame.get("brokenImages").getAsInt()).isZero();
        assertThat(frame.get("scripts").getAsInt()).isZero();
        assertThat(frame.get("plots").getAsInt()).isEqualTo(10);
        assertThat(frame.get("narrowestPlot").getAsDouble()).isGreaterThan(width / 2.5 - 100);
        assertThat(frame.get("widestPlot").getAsDouble()).isLessThanOrEqualTo(width);
        assertThat(frame.get("pixelated").getAsBoolean()).isTrue();
      }
      // This copy of the page has no policy that would keep it from asking.
      assertThat(page.visit().requests()).isEmpty();
      assertThat(page.visit().console()).isEmpty();
    }
    assertThat(light.frames())
        .extracting(frame -> frame.get("ground").getAsString())
        .containsOnly("rgb(255, 255, 255)");
    assertThat(dark.frames())
        .extracting(frame -> frame.get("ground").getAsString())
        .containsOnly("rgb(20, 24, 29)");
    assertThat(light.frames().get(0).get("plotGround"))
        .isNotEqualTo(dark.frames().get(0).get("plotGround"));
  }

  /** What is measured in a narrow and a wide frame. */
  private record Measured(Chromium.Visit visit, List<JsonObject> frames) {}

  private static Measured probe(String... options) throws Exception {
    // The page forbids scripts, those that measure it too.
    String open =
        Files.readString(report)
            .replaceAll("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
    assertThat(open).doesNotContain("Content-Security-Policy");
    Files.writeString(folder.resolve("open.html"), open);
    Path page =
        Files.writeString(
            folder.resolve("frames.html"),
            """
            <!DOCTYPE html>
            <meta charset="utf-8">
            <iframe src="open.html" style="border:0;width:360px;height:800px"></iframe>
            <iframe src="open.html" style="border:0;width:1200px;height:800px"></iframe>
            <pre></pre>
            <script>
            addEventListener('load', () => {
              const frames = [...document.querySelectorAll('iframe')].map(frame => {
                const page = frame.contentDocument;
                const view = frame.contentWindow;
                const images = [...page.images];
                const plots = [...page.querySelectorAll('.plot svg')];
                const widths = plots.map(plot => plot.getBoundingClientRect().width);
                return {
                  width: frame.clientWidth,
                  scrollWidth: page.documentElement.scrollWidth + view.innerWidth
                      - page.documentElement.clientWidth,
                  images: images.length,
                  brokenImages: images.filter(i => !i.complete || i.naturalWidth === 0).length,
                  scripts: page.scripts.length,
                  plots: plots.length,
                  narrowestPlot: Math.min(...widths),
                  widestPlot: Math.max(...widths),
                  pixelated: images.every(
                      i => view.getComputedStyle(i).imageRendering === 'pixelated'),
                  ground: view.getComputedStyle(page.body).backgroundColor,
                  plotGround: view.getComputedStyle(plots[0].querySelector('rect:not(defs *)')).fill
                };
              });
              document.querySelector('pre').textContent = JSON.stringify(frames);
            });
            </script>
            """);
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--allow-file-access-from-files");
    Chromium.Visit visit = chromium.visit(page, all.toArray(String[]::new));
    Matcher measured = Pattern.compile("<pre>(.*)</pre>").matcher(visit.dom());
    assertThat(measured.find()).as(visit.console().toString()).isTrue();
    JsonArray frames = JsonParser.parseString(measured.group(1)).getAsJsonArray();
    assertThat(frames).hasSize(2);
    return new Measured(
        visit, List.of(frames.get(0).getAsJsonObject(), frames.get(1).getAsJsonObject()));
  }
}
