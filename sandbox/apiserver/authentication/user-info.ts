import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import type { UserInfo } from "../operation.ts";

/** authentication.k8s.io/v1 UserInfo. */
export const userInfoOf = ({ name, uid, groups, extra }: UserInfo): object => ({
  ...(name && { username: name }),
  ...(uid && { uid }),
  ...(groups.length > 0 && { groups }),
  ...(extra && Object.keys(extra).length > 0 && { extra }),
});

/** Answers a SelfSubjectReview: who the server takes the asker for. `now` in milliseconds since the epoch. */
export const reviewSelf = (review: AnyObject, user: UserInfo, now: number): AnyObject => ({
  kind: review.kind,
  apiVersion: review.apiVersion,
  metadata: { creationTimestamp: toTime(now) },
  status: { userInfo: userInfoOf(user) },
});
