// b02460de203bedfa
import{a as m}from"./part-WTA7FYLT.js";import"./part-TAP42Z2L.js";var p={map:m};export{p as modules};
