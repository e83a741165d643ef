/** What the commands share: their options, what they print and how they fail. */
package org.imageperformer.tools.cli;
