/** Light that the scene's lamps do not give: ambient by direction, shade of hollows, sun through leaves. */
export const LIGHT_GLSL = `
/* Light from all around: from the horizon, the sky above, and lit ground below. */
vec3 terraneFromAround(vec3 normal) {
    float up = 0.5 + 0.5 * normal.y;
    float facing = 0.5 + 0.5 * dot(normal.xz, groundSun.xz) / max(length(groundSun.xz), 0.05);
    vec3 side = mix(groundAway.rgb, groundTowards.rgb, clamp(facing, 0.0, 1.0));
    vec3 light = mix(groundBounce.rgb, mix(side, groundZenith.rgb, up), smoothstep(0.0, 1.0, up));
    /* In caves daylight falls in at mouths; deep inside as much is left as eyes that are used to it see. */
    float inCave = 2.2 * smoothstep(0.0, 0.9, terraneDaylight) * (1.0 - 0.55 * terraneDaylight);
    float daylight = mix(smoothstep(0.0, 1.0, terraneDaylight), inCave, terraneCave);
    return light * max(daylight, 0.2) * mix(terraneCavity, 1.0, 0.12);
}

/* Share of direct light: hollows stay in shade until the sun stands over them, slopes that turn away are dark whatever their relief
   says, and into caves the sun does not reach as far as the light of the sky does. */
float terraneShade(vec3 normal) {
    float direct = abs(dot(normal, groundSun.xyz)) + 2.2 * terraneCavity * terraneCavity - 0.85;
    float turned = smoothstep(-0.08, 0.12, dot(terraneFlatNormal, groundSun.xyz));
    float inCave = mix(1.0, smoothstep(0.3, 0.85, terraneDaylight), terraneCave);
    return mix(1.0, clamp(direct, 0.0, 1.0) * turned * inCave, groundSun.w);
}

/* Sun through blades and leaves that stand between it and the eye. */
vec3 terraneThroughLeaves(vec3 albedo, vec3 toEye) {
    float behind = max(-dot(toEye, groundSun.xyz), 0.0);
    float standing = 0.4 + 0.6 * smoothstep(-0.3, 0.3, dot(terraneFlatNormal, groundSun.xyz));
    return albedo * vec3(1.25, 1.15, 0.45) * groundSunlight.rgb * (terraneSunSeen * terraneLeaf * terraneCavity * 0.55 * behind * behind * behind * standing);
}
`;

/** Adds it to what Babylon has summed. */
export const LIGHT_MAIN_GLSL = `
#ifndef UNLIT
float terraneDirect = terraneShade(normalW);
finalDiffuse *= terraneDirect;
#ifdef SPECULARTERM
finalSpecularScaled *= terraneDirect * terraneCavity;
#endif
vec3 terraneToEye = normalize(vEyePosition.xyz - vPositionW);
finalDiffuse += terraneThroughLeaves(surfaceAlbedo, terraneToEye);
vec3 terraneAround = surfaceAlbedo * terraneFromAround(normalW);
float terraneEdge = 1.0 - max(dot(normalW, terraneToEye), 0.0);
finalAmbient += terraneAround * (1.0 + 0.7 * terraneLeaf * terraneEdge * terraneEdge * terraneEdge * terraneEdge);
#endif
`;
