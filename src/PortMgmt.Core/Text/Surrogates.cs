using System.Text;

namespace PortMgmt.Text;

/// <summary>Tells text from UTF-16 that is none.</summary>
internal static class Surrogates
{
    /// <summary>Whether every surrogate is in a pair, so that the text can be written in UTF-8 and read again.</summary>
    public static bool ArePaired(ReadOnlySpan<char> text)
    {
        int next = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (next >= 0)
        {
            text = text[next..];
            if (Rune.DecodeFromUtf16(text, out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
            next = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }
}
