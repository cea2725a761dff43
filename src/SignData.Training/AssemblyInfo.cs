using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("SignData.Training.Tests")]
