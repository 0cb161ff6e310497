import { z } from "zod";

// zod would compile its schemas by eval, which the page's content security policy refuses and reports. To be imported
// before any schema is.
z.config({ jitless: true });
