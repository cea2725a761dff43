using System.Runtime.InteropServices;

namespace SignData.Vision.Retouching;

/// <summary>One bone of a drawn finger: a capsule whose radius changes along it; all in pixels.</summary>
/// <param name="FromX">Where it begins.</param>
/// <param name="FromY">Where it begins.</param>
/// <param name="FromRadius">The radius there.</param>
/// <param name="ToX">Where it ends.</param>
/// <param name="ToY">Where it ends.</param>
/// <param name="ToRadius">The radius there.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Bone(float FromX, float FromY, float FromRadius, float ToX, float ToY, float ToRadius);

/// <summary>How a drawn finger looks.</summary>
/// <param name="Red">The tone in full light, 0..255.</param>
/// <param name="Green">The tone in full light, 0..255.</param>
/// <param name="Blue">The tone in full light, 0..255.</param>
/// <param name="LightX">Where the light comes from: a unit vector, x to the right.</param>
/// <param name="LightY">Down.</param>
/// <param name="LightZ">Towards the viewer.</param>
/// <param name="Softness">How wide its edge is, in pixels, above 0.</param>
/// <param name="Crease">How much darker it is where bones meet, 0..1.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Skin(float Red, float Green, float Blue, float LightX, float LightY, float LightZ, float Softness, float Crease);
