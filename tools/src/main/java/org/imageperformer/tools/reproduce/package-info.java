/** Whether a training that was repeated came to the same. */
package org.imageperformer.tools.reproduce;
