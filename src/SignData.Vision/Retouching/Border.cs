namespace SignData.Vision.Retouching;

/// <summary>What is seen beyond a picture's sides.</summary>
public enum Border
{
    /// <summary>The outermost pixels go on.</summary>
    Edge,

    /// <summary>The picture is mirrored, its outermost pixels not repeated (OpenCV's BORDER_REFLECT_101).</summary>
    Reflect,

    /// <summary>Nothing: black.</summary>
    Black,
}
