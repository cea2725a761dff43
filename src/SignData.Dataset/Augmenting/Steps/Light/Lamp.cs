namespace SignData.Dataset.Augmenting.Steps;

/// <summary>What lights a room.</summary>
public enum Lamp
{
    /// <summary>One of the others.</summary>
    Any,

    /// <summary>A bulb: orange.</summary>
    Tungsten,

    /// <summary>A tube: greenish.</summary>
    Fluorescent,

    /// <summary>A monitor or phone: blue.</summary>
    Screen,
}
