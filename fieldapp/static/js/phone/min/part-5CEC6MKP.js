// ae29c4efd0da37c3
import{d as a,e as b}from"./part-FQYRLTYC.js";import"./part-YCVBJALI.js";export{b as flushFromWorker,a as outbox};
