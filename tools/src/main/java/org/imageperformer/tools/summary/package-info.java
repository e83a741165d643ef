/** The parts of a model, their parameters and their work. */
package org.imageperformer.tools.summary;
