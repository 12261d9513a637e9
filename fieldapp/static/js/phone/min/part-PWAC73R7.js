// b2cf26bbe2b0eff4
import{N as a,O as b}from"./part-QH6ND6QM.js";export{b as flushFromWorker,a as outbox};
