// e2d3e5d2bc45d323
import{d as o,e as r}from"./part-FQYRLTYC.js";import"./part-YCVBJALI.js";export{r as flushFromWorker,o as outbox};
