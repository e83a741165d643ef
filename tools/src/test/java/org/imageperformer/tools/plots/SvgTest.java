package org.imageperformer.tools.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.imageperformer.eval.SweepAxis;
import org.imageperformer.eval.SweepRow;
import org.junit.jupiter.api.Test;

class SvgTest {
  @Test
  void theSameDrawingIsTheSameText() {
    assertThat(draw("one")).isEqualTo(draw("one"));
  }

  @Test
  void partsAreNamedAfterTheirDrawing() {
    for (Svg svg : draw("one")) {
      Matcher names = Pattern.compile("\\bid=\"([^\"]*)\"").matcher(svg.markup());
      assertThat(names.results().map(found -> found.group(1)))
          .isNotEmpty()
          .doesNotHaveDuplicates()
          .allMatch(name -> name.matches("one-(accuracy|loss)-\\d+"))
          .allMatch(name -> svg.markup().contains("url(#" + name + ")"));
    }
  }

  @Test
  void thePageChoosesTheColoursOfTheGround() {
    assertThat(draw("one"))
        .allSatisfy(
            svg ->
                assertThat(svg.markup())
                    .startsWith("<svg ")
                    .contains("viewBox=\"0 0 480 340\"", "fill:var(--plot-ground, #fff)")
                    .contains("fill:var(--plot-grid, ", "stroke:var(--plot-frame, ")
                    .doesNotContain("<!", "<?", "rgb(255,255,255)", "rgb(0,0,0)", "<text"));
  }

  @Test
  void linesKeepTheirLooks() {
    assertThat(draw("one"))
        .allSatisfy(
            svg ->
                assertThat(svg.markup())
                    .contains("stroke:var(--plot-blue, #0072b2)", "stroke:rgb(230,159,0)"));
    assertThat(new RunLook("b", 1).sample("x").markup())
        .contains("stroke:rgb(230,159,0)", "stroke-dasharray:8,4");
  }

  private static List<Svg> draw(String id) {
    Map<RunLook, List<SweepRow>> runs = new LinkedHashMap<>();
    for (int run = 0; run < 2; run++) {
      double slope = 0.1 + run;
      runs.put(
          new RunLook("run " + run, run),
          IntStream.rangeClosed(-3, 3)
              .mapToObj(x -> new SweepRow("r", x, 1 - x * x * 0.01, 0, x * x * slope, 0))
              .toList());
    }
    return new SweepPlot(SweepAxis.SHIFT).draw(id, runs);
  }
}
