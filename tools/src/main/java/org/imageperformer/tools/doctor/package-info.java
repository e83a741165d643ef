/** What the machine has of all that is needed, and what to do about the rest. */
package org.imageperformer.tools.doctor;
