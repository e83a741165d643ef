package org.imageperformer.tools.plots;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A drawing as an {@code svg} element to stand within a web page, the same text for the same
 * drawing. It scales with the page; what would be hard to see on another ground has the colours of
 * the page's custom properties {@code --plot-ground}, {@code --plot-grid}, {@code --plot-frame},
 * {@code --plot-ink} and {@code --plot-blue}, where it has them. It says nothing to a screen
 * reader: the page's words do.
 *
 * @param markup the element
 */
public record Svg(String markup) {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(?:E-?\\d+)?");
  private static final int DECIMALS = 2;

  /** What the page may choose, by what it is in a picture of its own. */
  private static final Map<String, String> COLORS =
      Map.of(
          "rgb(255,255,255)", "var(--plot-ground, #fff)",
          "rgb(230,230,230)", "var(--plot-grid, #e6e6e6)",
          "rgb(102,102,102)", "var(--plot-frame, #666)",
          "rgb(0,0,0)", "var(--plot-ink, #000)",
          "rgb(0,114,178)", "var(--plot-blue, #0072b2)");

  /**
   * Paints a drawing.
   *
   * @param id begins the names of its parts, no other drawing's on the same page
   * @param width in pixels
   * @param height in pixels
   * @param painter paints it
   */
  static Svg paint(String id, int width, int height, Consumer<Graphics2D> painter) {
    VectorGraphics2D graphics = new VectorGraphics2D();
    painter.accept(graphics);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      new SVGProcessor()
          .getDocument(graphics.getCommands(), new PageSize(0, 0, width, height))
          .writeTo(file);
      Document document = parse(file.toByteArray());
      adapt(document.getDocumentElement(), id);
      return new Svg(print(document));
    } catch (IOException | SAXException | ParserConfigurationException | TransformerException e) {
      throw new IllegalStateException("the drawing " + id + " is no SVG: " + e.getMessage(), e);
    }
  }

  private static Document parse(byte[] file)
      throws ParserConfigurationException, IOException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    // The file names its document type by an address in the network.
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(file));
  }

  private static void adapt(Element svg, String id) {
    Map<String, String> names = new LinkedHashMap<>();
    name(svg, id, names);
    adapt(svg, names);
    for (String attribute : new String[] {"x", "y", "version", "xmlns:xlink"}) {
      svg.removeAttribute(attribute);
    }
    svg.setAttribute("aria-hidden", "true");
  }

  /** Counts the names: those that come with the file are different each time. */
  private static void name(Element element, String id, Map<String, String> names) {
    if (element.hasAttribute("id")) {
      names.put(element.getAttribute("id"), id + "-" + names.size());
      element.setAttribute("id", names.get(element.getAttribute("id")));
    }
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        name(child, id, names);
      }
    }
  }

  private static void adapt(Element element, Map<String, String> names) {
    NamedNodeMap attributes = element.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      Attr attribute = (Attr) attributes.item(i);
      if (!attribute.getName().equals("id")) {
        attribute.setValue(adapt(attribute.getValue(), names));
      }
    }
    Node next;
    for (Node node = element.getFirstChild(); node != null; node = next) {
      next = node.getNextSibling();
      if (node instanceof Element child) {
        adapt(child, names);
      } else if (node.getNodeValue().isBlank()) {
        element.removeChild(node);
      }
    }
  }

  private static String adapt(String value, Map<String, String> names) {
    String adapted = value;
    for (Map.Entry<String, String> name : names.entrySet()) {
      adapted = adapted.replace("#" + name.getKey() + ")", "#" + name.getValue() + ")");
    }
    for (Map.Entry<String, String> color : COLORS.entrySet()) {
      adapted = adapted.replace(color.getKey(), color.getValue());
    }
    return NUMBER.matcher(adapted).replaceAll(Svg::rounded);
  }

  private static String rounded(MatchResult number) {
    BigDecimal value = new BigDecimal(number.group()).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return Matcher.quoteReplacement(
        value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString());
  }

  private static String print(Document document) throws TransformerException {
    Transformer transformer = TransformerFactory.newInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    transformer.setOutputProperty(OutputKeys.INDENT, "no");
    StringWriter text = new StringWriter();
    transformer.transform(new DOMSource(document.getDocumentElement()), new StreamResult(text));
    return text.toString();
  }
}
