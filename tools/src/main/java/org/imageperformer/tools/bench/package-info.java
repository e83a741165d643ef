/** Speed on this machine: workers that measure, and their comparison. */
package org.imageperformer.tools.bench;
