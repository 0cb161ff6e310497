import { isSecretName } from "../../domain/connection";

/** What is a secret by its name is shown to nobody, and masked in logs. */
export const shownValue = (key: string, value: string) => (isSecretName(key) ? "***" : value);
