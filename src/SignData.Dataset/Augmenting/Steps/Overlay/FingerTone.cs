namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Where the tones of fingers come from.</summary>
public enum FingerTone
{
    /// <summary>Three of five from the Monk scale, one a glove's, one the picture's own.</summary>
    Any,

    /// <summary>The Monk skin tone scale, all ten as likely.</summary>
    Monk,

    /// <summary>Kitchen and medical gloves.</summary>
    Glove,

    /// <summary>What looks like skin in the picture itself.</summary>
    Own,
}
