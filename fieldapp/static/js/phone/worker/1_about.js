// The worker of /veld/: the pages of the app without signal. Both a classic script and a module. web/phone/worker.py
// joins the parts in this folder, in the order of their names, and fills in the next line: the version, the files of
// the shell, the page for what the phone does not have.
const CONFIG = {};

// It answers GET only and never touches what is sent. Three kinds of cache:
//   fieldapp-static-<version>   the files of one version, all or none; an old one stays while a page needs it
//   fieldapp-person-<key>       pages, boundaries and pictures of one person, and when the server was last asked
//                               about each; gone at log-out
//   fieldapp-who                whose pages may be shown now, and nothing else
const STATIC = "fieldapp-static-", PERSON = "fieldapp-person-", WHO = "fieldapp-who";
const COMPLETE = "/static/-complete"; // stands in a cache of static files when all are in
const HERE = "/veld/-who";
const NOTE = "/veld/-asked"; // ?<path>: when the server last said how that page is
const OWN = STATIC + CONFIG.version;
const FORM = /^\/veld\/app\/formulier\//;
const OPEN_FORM = /^\/veld\/(app\/)?formulier\//;
// Kept and shown at once, renewed behind the back; those below first from the server, else as kept.
const AT_ONCE = [/^\/veld\/$/, /^\/veld\/(gesprek|telefoon|grenzen\.geojson)$/, FORM];
const AS_KEPT = [/^\/veld\/(ronde\/[^/]+|beloftes)$/];
const SELDOM = /^\/veld\/grenzen\.geojson$/; // asked about once a day
const EARLIER = /^\/veld\/eerder\//; // photos that this person made before
const PICTURE = /^\/(vragenlijst-media|theme|veld\/eerder)\//;
const BROUGHT = /(?:src|href)="(\/(?:vragenlijst-media|theme|static)\/[^"]+)"/g;
const ICON = /^\/static\/[^/]+\/icons\//; // for the home screen, not for pages
const TEXT = /^\/static\/[^/]+\/(.+\.(?:css|js|svg))$/;
const AT_ONCE_MOST = 40; // files in one answer
const MOST_BYTES = 3_000_000; // of one picture that goes along
const LET_IN = { "X-Fieldapp-Client": "worker" };
// A line may be there on which nobody answers (a stairwell): how long to wait, in ms.
const NAVIGATION = 3000; // somebody looks, and a kept copy is at hand
const RENEWAL = 20_000;
const DOWNLOAD = 60_000; // files and pictures: large, and nobody waits

const checking = new Map(); // path -> promise of how its renewal goes, until the page asks
let left = false; // logged out: nothing is kept until somebody is let in

const any = (patterns, path) => patterns.some((pattern) => pattern.test(path));
const isKept = (url) => !url.search && (any(AT_ONCE, url.pathname) || any(AS_KEPT, url.pathname));
