/**
 * A report on runs for a person: one HTML file that needs nothing else, neither a network nor
 * scripts.
 */
package org.imageperformer.tools.report;
