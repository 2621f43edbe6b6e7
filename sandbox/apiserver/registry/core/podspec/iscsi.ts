import type { ISCSIPersistentVolumeSource, ISCSIVolumeSource } from "../../../../api/types.ts";
import { invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { rangeSentence } from "../../../../apimachinery/validation/names.ts";

const formats: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

const addNameErrors = (errors: FieldError[], path: string, name: string, unknownSentence: string): void => {
  const format = formats[name.slice(0, 3)];
  if (!format) errors.push(invalidValue(path, name, unknownSentence));
  else if (!format.test(name)) errors.push(invalidValue(path, name, "must be valid format"));
};

const tooLongSentence =
  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";

const isTooLong = (volumeName: string, { initiatorName, targetPortal = "" }: ISCSIVolumeSource | ISCSIPersistentVolumeSource): boolean =>
  initiatorName !== undefined && Buffer.byteLength(`${volumeName}:${targetPortal}`) > 64;

/** The rule on a volume's name that an initiator brings along; told at the volume's name. */
export const addInitiatorErrors = (errors: FieldError[], source: ISCSIVolumeSource, volumeName: string, path: string): void => {
  if (isTooLong(volumeName, source)) errors.push(invalidValue(`${path}.name`, volumeName, tooLongSentence));
};

const addCommonErrors = (
  errors: FieldError[],
  source: ISCSIVolumeSource | ISCSIPersistentVolumeSource,
  path: string,
  unknownSentence: string,
): void => {
  if (!source.iqn) errors.push(required(`${path}.iqn`));
  else addNameErrors(errors, `${path}.iqn`, source.iqn, unknownSentence);
  const lun = source.lun ?? 0;
  if (lun < 0 || lun > 255) errors.push(invalidValue(`${path}.lun`, lun, rangeSentence(0, 255)));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) errors.push(required(`${path}.secretRef`));
};

/** validateISCSIVolumeSource. */
export const addISCSIErrors = (errors: FieldError[], source: ISCSIVolumeSource, path: string): void => {
  const unknown = "must be valid format starting with iqn, eui, or naa";
  if (!source.targetPortal) errors.push(required(`${path}.targetPortal`));
  addCommonErrors(errors, source, path, unknown);
  if (source.initiatorName !== undefined) addNameErrors(errors, `${path}.initiatorname`, source.initiatorName, unknown);
};

/** validateISCSIPersistentVolumeSource. */
export const addISCSIPersistentErrors = (
  errors: FieldError[],
  source: ISCSIPersistentVolumeSource,
  volumeName: string,
  path: string,
): void => {
  const unknown = "must be valid format";
  if (!source.targetPortal) errors.push(required(`${path}.targetPortal`));
  if (isTooLong(volumeName, source)) errors.push(invalidValue(`${path}.targetportal`, source.targetPortal, tooLongSentence));
  addCommonErrors(errors, source, path, unknown);
  if (source.secretRef && !source.secretRef.name) errors.push(required(`${path}.secretRef.name`));
  if (source.initiatorName !== undefined) addNameErrors(errors, `${path}.initiatorname`, source.initiatorName, unknown);
};
