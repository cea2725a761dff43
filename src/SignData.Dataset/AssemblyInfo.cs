using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("SignData.Dataset.Tests")]
[assembly: InternalsVisibleTo("Culling")]
