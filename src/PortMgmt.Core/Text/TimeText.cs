using System.Globalization;

namespace PortMgmt.Text;

/// <summary>A moment as it is shown everywhere, in views, lists and messages of both heads: in UTC, to the second, such as <c>2026-11-27 18:05:00Z</c>.</summary>
internal static class TimeText
{
    /// <summary>Makes the text.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
