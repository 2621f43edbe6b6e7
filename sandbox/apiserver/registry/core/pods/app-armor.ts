import type { AppArmorProfile, Pod } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import type { FieldError } from "../../../../apimachinery/validation/field-error.ts";
import type { StrategyContext } from "../../strategy.ts";
import { appArmorPrefix } from "../podspec/annotations.ts";
import { addAppArmorProfileErrors } from "../podspec/profiles.ts";

const profileOf = (annotation: string): AppArmorProfile | undefined => {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  const profile = annotation.startsWith("localhost/")
    ? { type: "Localhost", localhostProfile: annotation.slice("localhost/".length) }
    : undefined;
  const errors: FieldError[] = [];
  addAppArmorProfileErrors(errors, profile, "");
  return errors.length > 0 ? undefined : profile;
};

const annotationOf = ({ type, localhostProfile }: AppArmorProfile): string | undefined => {
  if (type === "Unconfined") return "unconfined";
  if (type === "RuntimeDefault") return "runtime/default";
  return type === "Localhost" && localhostProfile !== undefined ? `localhost/${localhostProfile}` : undefined;
};

/**
 * Profiles that were given by annotation become fields, with a warning; for kubelets that know no fields, those become annotations in turn
 * (applyAppArmorVersionSkew).
 */
export const syncAppArmor = ({ metadata, spec }: Draft<Pod>, { warn, enabled }: Pick<StrategyContext, "warn" | "enabled">): void => {
  if (spec.os?.name === "windows") return;
  const writes = enabled("AppArmorFieldsToAnnotations");
  if (!metadata.annotations && !writes) return;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]) {
    const key = appArmorPrefix + container.name;
    const annotation = metadata.annotations?.[key];
    const given = container.securityContext?.appArmorProfile;
    if (annotation === undefined) {
      const field = writes ? (given ?? spec.securityContext?.appArmorProfile) : undefined;
      const written = field && annotationOf(field);
      if (written !== undefined) (metadata.annotations ??= {})[key] = written;
      continue;
    }
    if (given) continue;
    const profile = profileOf(annotation);
    if (profile && isSemanticallyEqual(profile, spec.securityContext?.appArmorProfile)) continue;
    if (profile) (container.securityContext ??= {}).appArmorProfile = profile;
    warn?.(`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
};
