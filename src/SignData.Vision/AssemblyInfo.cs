using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("SignData.Vision.Tests")]
