// 820dab8490027e76
import{a as m}from"./part-WTA7FYLT.js";import"./part-TAP42Z2L.js";var p={map:m};export{p as modules};
