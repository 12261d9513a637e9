// f95404b30101d35f
import{a as m}from"./part-PKY6OHST.js";import"./part-3TP46YMH.js";var r={map:m};export{r as modules};
