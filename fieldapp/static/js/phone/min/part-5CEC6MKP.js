// e2d3e5d2bc45d323
import{d as a,e as b}from"./part-FQYRLTYC.js";import"./part-YCVBJALI.js";export{b as flushFromWorker,a as outbox};
