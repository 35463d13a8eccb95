Console.Error.WriteLine("usage: testprocess VERB");
return 2;
