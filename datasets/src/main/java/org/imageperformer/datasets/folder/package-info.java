/** Pictures in folders that have the names of their classes (data.md, "Folders of pictures"). */
package org.imageperformer.datasets.folder;
