/** Members of strategic merge patches that say how to merge instead of what. */
export const directive = "$patch";
export const retainKeys = "$retainKeys";
export const deleteFromList = "$deleteFromPrimitiveList";
export const setElementOrder = "$setElementOrder";
