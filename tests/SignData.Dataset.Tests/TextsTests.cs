using System.Text;

namespace SignData.Dataset.Tests;

public sealed class TextsTests
{
    [Fact]
    public void What_was_put_is_found_again_however_much_there_is()
    {
        var texts = new Texts();
        var long_ = new string('x', 60_000);
        string[] all = ["", "a.jpg", "größer ✋🏽.png", .. Enumerable.Range(0, 40).Select(i => $"{long_}{i}")];
        var places = all.Select(text => texts.Put(text)).ToList();

        Assert.Equal(all, places.Select(place => Encoding.UTF8.GetString(Texts.At(place.Block, place.Start))));
        Assert.Throws<OverflowException>(() => texts.Put(new string('x', 70_000)));
        Assert.Same(texts.Same("label"), texts.Same(new string("label".ToCharArray())));
    }

    [Fact]
    public void They_compare_as_ordinal_strings_do()
    {
        string[] all = ["", "a", "ab", "b", "é", "\u0800", "\ud7ff", "\ue000", "\uffff", "😀", "😀a", "𐀀", "a😀", "a\ue000", "a\uffff"];
        foreach (var a in all)
        {
            foreach (var b in all)
            {
                Assert.Equal(Math.Sign(string.CompareOrdinal(a, b)), Math.Sign(Texts.Compare(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b))));
            }
        }
    }
}
