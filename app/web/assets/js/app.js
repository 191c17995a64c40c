// What pages do in the browser beyond links and forms: parts that are fetched anew (htmx), and where
// the focus goes. Every task works without this file. htmx is set up in layout.html.
import "htmx.org";
import { openDialogs } from "./dialogs.js";
import { focusErrors } from "./errors.js";
import { takePictures } from "./files.js";
import { keepLive } from "./live.js";
import { askForPasskeys } from "./passkeys.js";
import { tellOfWriting } from "./writing.js";

openDialogs();
focusErrors();
keepLive();
askForPasskeys();
takePictures();
tellOfWriting();
