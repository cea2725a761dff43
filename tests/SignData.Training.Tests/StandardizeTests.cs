using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Vision;

namespace SignData.Training.Tests;

public sealed class StandardizeTests
{
    [Fact]
    public void A_hazy_copy_looks_the_same_to_a_standardizing_classifier_and_not_to_another()
    {
        string folder = Directory.CreateTempSubdirectory("signdata-").FullName;
        try
        {
            Image clear = new(48, 48), hazy = new(48, 48), black = new(48, 48);
            new Random(3).NextBytes(clear.Pixels);
            for (int i = 0; i < clear.Pixels.Length; i++)
            {
                clear.Pixels[i] &= 0xFE;
                hazy.Pixels[i] = (byte)((clear.Pixels[i] / 2) + 80);
            }
            Sample[] samples = [.. new[] { clear, hazy, black }.Select((image, i) => Write(image, Path.Combine(folder, $"{i}.png")))];
            float[] Probabilities(bool standardize)
            {
                torch.manual_seed(4);
                Architecture architecture = Architecture.Named("simple-cnn");
                Card card = new(architecture.Name, ["A", "B", "C"], 48, architecture.Mean, architecture.Std, "fp32", new TrainOptions { Standardize = standardize }, "", 0, null);
                using Classifier classifier = new(card, "cpu");
                return classifier.Probabilities(new BatchLoader(samples, 48, 3, 1).InOrder(Looks.One, 1).Single());
            }
            float[] own = Probabilities(true), other = Probabilities(false);
            Assert.All(own, p => Assert.True(float.IsFinite(p)));
            Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(own[c], own[3 + c], 2e-3f));
            Assert.Contains(Enumerable.Range(0, 3), c => Math.Abs(other[c] - other[3 + c]) > 1e-2f);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Sample Write(Image image, string path)
    {
        File.WriteAllBytes(path, ImageFile.EncodePng(image));
        return new Sample(path, 0);
    }
}
