using System.Globalization;

namespace PortMgmt.Text;

/// <summary>What somebody meant who wrote no duration: the nearest text that is one.</summary>
internal static class DurationGuess
{
    private static readonly string[] ClockUnits = ["h", "m", "s"];

    /// <summary>Finds it; null where nothing comes near.</summary>
    /// <param name="text">The text, trimmed.</param>
    public static string? Find(string text)
    {
        string? clock = text.Contains(':', StringComparison.Ordinal) ? FromClock(text) : null;
        string plain = string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter))).ToLowerInvariant();
        return clock ?? (plain != text && DurationText.TryParse(plain, out _) ? plain : null);
    }

    /// <summary>Hours end at 23 and minutes and seconds at 59 in the form of a clock; as a sum there is no end.</summary>
    private static string? FromClock(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length is < 2 or > 3)
        {
            return null;
        }

        string sum = "";
        for (int i = 0; i < parts.Length; i++)
        {
            if (!decimal.TryParse(parts[i], i < 2 ? NumberStyles.None : NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount))
            {
                return null;
            }

            sum += amount == 0 ? "" : amount.ToString(CultureInfo.InvariantCulture) + ClockUnits[i];
        }

        return DurationText.TryParse(sum, out _) && sum.Length > 0 ? $"{sum}, since hours end at 23, and minutes and seconds at 59, in that form" : null;
    }
}
