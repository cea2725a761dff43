using System.Numerics;
using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Dataset.Tests.Batches;

public sealed class LooksTests
{
    private static Vector2[] Corners(View view) => [Vector2.Transform(new(-0.5f), view.Map), Vector2.Transform(new(0.5f), view.Map)];

    [Fact]
    public void A_part_has_the_shape_asked_for_whatever_the_picture_has()
    {
        Assert.Equal(View.Centre, View.Part(640, 480, 1, 1, Vector2.Zero));
        Assert.Equal(View.Whole(640, 480), View.Part(640, 480, 640 / 480f, 1, Vector2.Zero));
        // A wide shape over a square picture reaches beyond it, where the border goes on.
        Assert.Equal([new(-1, -0.5f), new(1, 0.5f)], Corners(View.Part(100, 100, 2, 1, Vector2.Zero)));
        Assert.Equal([new(-0.5f, -1), new(0.5f, 1)], Corners(View.Part(100, 100, 0.5f, 1, Vector2.Zero)));
    }

    [Fact]
    public void Several_looks_are_the_middle_and_five_crops_that_end_at_the_borders()
    {
        View[] views = [.. Enumerable.Range(0, Looks.Several.Count).Select(i => Looks.Several.Of(i, 640, 480, 1))];
        Assert.Equal(6, views.Distinct().Count());
        Assert.Equal(View.Centre, views[0]);
        Vector2[] corners = [.. views[2..].SelectMany(Corners)];
        Assert.Equal(-2 / 3f, corners.Min(c => c.X), 1e-5f);
        Assert.Equal(2 / 3f, corners.Max(c => c.X), 1e-5f);
        Assert.Equal((-0.5f, 0.5f), (corners.Min(c => c.Y), corners.Max(c => c.Y)));
    }

    [Fact]
    public void Looks_at_a_hand_are_at_the_whole_picture_as_well_if_the_hand_is_large_in_it()
    {
        View picture = View.Whole(640, 480), small = picture.Closer(new(0.3f, 0.1f), 0.3f, 1), large = picture.Closer(new(0.05f, 0), 0.7f, 1);
        View[] Shown(View found) => [.. Enumerable.Range(0, Looks.Hand.Count).Select(i => Looks.Hand.Of(i, found, 640, 480, 1))];

        Assert.All(Shown(large)[..6], view => Assert.Equal(large.Map.Translation, view.Map.Translation));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => Looks.Several.Of(i, 640, 480, 1)), Shown(large)[6..]);
        View[] near = Shown(small);
        Assert.Equal(12, near.Distinct().Count());
        Assert.All(near, view =>
        {
            Assert.InRange(view.Side, 0.9f * small.Side, 1.26f * small.Side);
            Assert.InRange(Vector2.Distance(small.Map.Translation, view.Map.Translation), 0, 0.2f * small.Side);
        });
    }

    [Fact]
    public void A_loader_shows_each_batch_by_all_looks_before_the_next_and_reads_each_file_once()
    {
        string folder = Directory.CreateTempSubdirectory("signdata-").FullName;
        try
        {
            Sample[] samples = [.. Enumerable.Range(0, 5).Select(i =>
            {
                Image image = new(40, 40);
                new Random(i).NextBytes(image.Pixels);
                string path = Path.Combine(folder, $"{i}.png");
                File.WriteAllBytes(path, i == 3 ? [1, 2, 3] : ImageFile.EncodePng(image));
                return new Sample(path, i);
            })];
            BatchLoader loader = new(samples, 32, 2, 2);
            List<(int First, long Label, int Sum)> seen = [];
            foreach (Batch batch in loader.InOrder(Looks.Several, 1))
            {
                seen.Add((batch.Indices[0], batch.Labels[1], batch.Pixels.Take(32 * 32 * 3).Sum(b => b)));
                if (batch.Indices[0] == 4)
                {
                    File.Delete(samples[4].Path);
                }
            }
            Assert.Equal(3 * 6, seen.Count);
            Assert.Equal([0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4], seen.Select(s => s.First));
            Assert.All(seen[6..12], s => Assert.Equal(Batch.Ignored, s.Label));
            Assert.Equal(6, seen[..6].Select(s => s.Sum).Distinct().Count());
            Assert.Equal([samples[3].Path], loader.Failed.Keys);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Unknown_looks_are_refused_with_the_known_ones()
    {
        InputException e = Assert.Throws<InputException>(() => Looks.Named("many"));
        Assert.Contains("one, several", e.Message, StringComparison.Ordinal);
    }
}
