// Tokens and keys that another library has made (joserfc for Python), for as long as they last: until 2100.

/// What a token of each algorithm looks like, with the keys for all of them.
enum TokenGolden {
    /// The secret of those that begin with HS.
    static let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

    /// By their algorithms. All say the same: sub is ann, iss is https://issuer.test, aud is shop and api, role is dev and ops.
    static let tokens: [String: String] = [
        "RS256":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IlJTMjU2In0.vApjDU3gJg_sn_sGh3cg5FTSRvSvE-EoOgEMAi7wtcKIPuj8KGo7he0q5"
            + "5qj1Sn2M-9KWhUwjPNBwcRcnFCD0CccSIYHVONWvR_19Vvpu-3hetRzsqTW6r8UtkpqULTDePVw1YdW1PlfSCW8J8h"
            + "mqF1SzqmDEeInMa73wk47Bwule2EQ6TvDfz14KFujvpPjUHWKza4lmir4myDH-JjWAz4i9EoC2-_V-bXp7hMRH-JXT"
            + "QfMmABILiCjrwoR0wH3N9dSWLDw2ep2LV-lpk5SY2xB1lSQFctK030x3mlQ59HT985B1RHQF-lkpPpypyt0W9zV_yA"
            + "mr0T6aXFspHuf4g",
        "RS384":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzM4NCIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IlJTMzg0In0.ArU91IJBD9b9dr3zpff2htB_3WaHVOkrDGJPdTIUQEG4pkj7Sx57YMGEa"
            + "Ohr1zJhWAA637Rvypsi50F2YhTlkJ2DVUN4ORkW2XzFjSweyFSGV0jskUEEbESW7dF3_8bLgz47U74AaXWL_6TBgGG"
            + "3_bjDwHnT5tdTGe5fJzTgy6DJf8UyokLi-VNa0egP1PoBzAtrDfgwmITWkJ4O8DCvPCTiYiC1INGa40jAOsQqzi78A"
            + "zd7OiC1j2WgSKqMldZrZtU17he4mbh-fq3ogfnlDa49o9nCjPwW137HONNfZi_evtn_8e_x-aVG4ofSVy-7XA9eABz"
            + "Y6hPZABEiMRzHKQ",
        "RS512":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzUxMiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IlJTNTEyIn0.HivVxFXyE8-6iTjhJvvzWeOq1RK3m-810IcbsM6yp-EBuY08uqPNEFYFu"
            + "56XzjMP_ZLOJXA7s7y_9ZFSWStU5wyf8peaivjwouScC3PpcKgftcObU_eNhtSqM-Hf6qMBhf3pKekRPFnKrQ6yJgc"
            + "u738fjDWEQAhYuOEFCnh_yXIW88a-AWz-2oT6Cfh7U7UGnFNmEwCtCy52vpgH__50tezuBC_1Rivhl5gEHbetTQwfq"
            + "MzwhJ-8AnQO1dxanlRdyZOgj3jWNNlC5_Bj4_gLUjNs-9JkZ4Gaw0iUYQbQneZCowUjeZLq4kiMg8rwjKpnURH8G02"
            + "RYv09dC9pGG7B2g",
        "PS256":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJQUzI1NiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IlBTMjU2In0.2HFwXHVdz3WkPo9bs1-gx6u3Xax821vYXRVvbDJMi9ahFs-zMZWXKhFiW"
            + "cAW7I-BELvjZXMiLU-fAlsSRx95j2FqkNl-AmBRelg24ofOysvwxuBuR_EQJn3jD3E74d0wYW9170ZELeVDgSC2UIk"
            + "FFGFPTDy07_4tTvWJ0nMf4dmjD0MFQBy0vPH37fbL0mUvVMss_n5rI8ot-1I0krZJVNml54hiyJpf3NkWGwC5IW-Rq"
            + "-xiThJeNCeYHqX1WPeDfRFLH-DDLcdrIfTf-7b5LtrZcaRFY_OKcWws3f1pDcYqBkcsMSJbJ0LgwzDaax33NHBmpn2"
            + "djDUv05yJoswH2w",
        "PS384":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJQUzM4NCIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IlBTMzg0In0.fdqzPTp4vyqABAcs6LB928eyHnci2T_6eEiJpBDnstZ58O2717SSctmP2"
            + "gtCtiwLjvCAk6b-DmvJlE9hSKwDuzIDd94Po_jXXGbF50b0c5PEqRREh_Tzx1Ip9ab0CZEhpTPe1yqtzhHJfTAtkTT"
            + "zNKLEIxTyFhKijaPr9DBoPNK3RhXKG6aC3XMajosW0XR47Aop-WafulqSVOUoG9zhF4BXEQnyQzfhgKKcjKagY6tWk"
            + "x67xG770KmtKSLMkKHuSPKwcbjLGAJ20SjOkDkpmayaJmzH0W3yCFbL7dAvQryKtVzXi8GR3-GIZ3dnfcHsJonnr8R"
            + "R-Ym5dYBye-uUww",
        "PS512":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJQUzUxMiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IlBTNTEyIn0.zDiKmheLy91BNgPmL10M4CCDNaO63Kex0xcSOGSstSNlNQnUOVWNqbSGe"
            + "yHvGienmHldm9X0rhqAAX6Y4g16cRd4Tb5EPWBA1oN6jE1c-WIQlYBhGK5-JRLjEhoO1u41uMmelWDPS6-9DtcpMA9"
            + "MHhu23ARUri49_40ZXiS3QpyZo3xdAYzfIuPIwn0NFgwiNf8BQvLZdXmmBxqacdfFweQVdTDbLDvuIyHmXXkD6i3U1"
            + "QiyIj2MqP2NVxKMjcbmNgDLixOqgUSiH36Ol6QYGZfZVwBvpc8A9CnkX1HmNCqsNSdhAJTh5ZHKCbobtaoER7EmWRs"
            + "Fn1xI-6NKXVC-qg",
        "ES256":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiIsImtpZCI6InAyNTYifQ.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczo"
            + "vL2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsI"
            + "m9wcyJdLCJhbGdfdXNlZCI6IkVTMjU2In0.zoR1o_NZHslRibw4QAY3GMyjvAL9cFL0VROwVcRgRNltx70b9TSx7zW"
            + "xEYU46n-v-MRK9uVrbO7F4XT74X7BJg",
        "ES384":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzM4NCIsImtpZCI6InAzODQifQ.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczo"
            + "vL2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsI"
            + "m9wcyJdLCJhbGdfdXNlZCI6IkVTMzg0In0.ky0YRhPQj2IVa2xw-LSeGB7jRrbK8OM-aGvY7qvdXoPB_90LdcqjK-z"
            + "ysFaWHivWoC2rNMJNQUg6IJQ9qeKtSiDmOTbGpKU0ccOrvc_1IcdVbjWEPvmMg8IgxPswTM94",
        "ES512":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzUxMiIsImtpZCI6InA1MjEifQ.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczo"
            + "vL2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsI"
            + "m9wcyJdLCJhbGdfdXNlZCI6IkVTNTEyIn0.ABFDGH99BiUHRxQvCbbad6OQbED4RQTvaT-JwgPN8iai6B1SmF2PHGe"
            + "lVbuT63H6WG8TnOW1PTBebuZ94P801a2TABmfUBglIRIg5J2GXa--g1ZjG7IluYr9TApDZNp6WcgpLmnB4ItSP3Csa"
            + "MCq9XTy2uspDHqc9smOS0D81fw_Quts",
        "EdDSA":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2"
            + "lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9w"
            + "cyJdLCJhbGdfdXNlZCI6IkVkRFNBIn0.UVskdsLGcOoRQ8PpKEEoXyvd3Au9f6eofaX0luLtGvzlTHdEELex9gqbJ5"
            + "CZQnoYkNcQh4X359VYH2IgQB_pDg",
        "HS256":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0I"
            + "iwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9wcyJdLCJhbGdfdXN"
            + "lZCI6IkhTMjU2In0.-B0ruiyIsda4_JkLyW7oFkfdjp5Z7wflk2slkTROf-8",
        "HS384":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzM4NCJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0I"
            + "iwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9wcyJdLCJhbGdfdXN"
            + "lZCI6IkhTMzg0In0.qcr04tK9Hy8GnYGgRv_3TsG_ZWChu_bFaTWKSWbxQsyzwNVoMY2L5plo5GRyI-Hy",
        "HS512":
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0I"
            + "iwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9wcyJdLCJhbGdfdXN"
            + "lZCI6IkhTNTEyIn0.T-3Mxu-DNH2CEABzRNVd-Olf2clfZ0lSPlEagwFDUqGNfGRTrnunF470jQDOmHaJr4Ws9PIxt"
            + "l-oE0LvuVTRzA",
    ]

    /// Their public keys as a set, with keys among them that are for nothing here.
    static let set = #"""
        {"keys": [
          {"kty": "oct", "k": "AAAA", "kid": "x"},
          {"kty": "RSA", "kid": "enc", "use": "enc", "n": "AA", "e": "AQAB"},
          "odd",
          {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
          {"n": "9bubcvRAz0gyl8FhNvFlGflfdXv5IAxiGhQ1ulzMCHLhmgWNXSU-Aw8-sSta43p1HxVocB0ldX0_nH7CGGwkJq4UcXqhKSE7MXzwi-GnqwE4LJUYoaV1r-WsChaXDJ4YAK9NvZI87-WlqLBzwuFiP_uBkRUS2ZYEG30TUATNah4pM-G4Uex-T495ccXuMkgPAOAJoUlj5sUMI4pTXc-gA2cqhugPILRJ8mnoAp7u0PuMgmWtDI_GCMq38-ot8gNOKZkO_yw0U0Z1YlNSeqH1tQmb8-W_biQs-Z69GmryD7hdEfCLHHtDSpGQIJKBz_ZcxxKWvysB8eptJtIwlT6neQ", "e": "AQAB", "kid": "rsa", "kty": "RSA"},
          {"crv": "P-256", "x": "iruY5tTmFlF6xCj3GzYd909b3bwtWDwpaZqJzqH4bZA", "y": "mk44FYjKEsuyqNz6VWNLWFfXsszzEBiAlnxBE6guEYU", "kid": "p256", "kty": "EC"},
          {"crv": "P-384", "x": "H5NZZy6E3_zx0MQsCfYNcrnE--tICnj_2CwuH2cavepi5SD_hC549ePLf_4mF-Ay", "y": "Ti_5N5jUj9wHrijiiu_81fNzehIhTbiIrD1xxPu37JpFe3UNzhfKpoIXMMsbfpVS", "kid": "p384", "kty": "EC"},
          {"crv": "P-521", "x": "Aae1qZ12HLns9dgOhAteYjDAa4El6VaoKipiHgsEXcs19mqMK5mFL51OJKxmA_Z_rCAZDbq1ajFPQTF8LFZd6B2W", "y": "APHyH8BFVXeLbak5mFFP4XNqe0yL56mxfOgVCyH0zjuz8k-U2BMtjex0CLe-4qMfmN4OLqR_RXL7lyLPOuJrUfVU", "kid": "p521", "kty": "EC"},
          {"crv": "Ed25519", "x": "ESMy-7D8QriTxZEuaNeAxHoR2peUG3PS-AgCa-e5ZS8", "kid": "ed", "kty": "OKP"}
        ]}
        """#

    /// The same as PEM.
    static let keys: [String: String] = [
        "rsa": """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA9bubcvRAz0gyl8FhNvFl
        GflfdXv5IAxiGhQ1ulzMCHLhmgWNXSU+Aw8+sSta43p1HxVocB0ldX0/nH7CGGwk
        Jq4UcXqhKSE7MXzwi+GnqwE4LJUYoaV1r+WsChaXDJ4YAK9NvZI87+WlqLBzwuFi
        P/uBkRUS2ZYEG30TUATNah4pM+G4Uex+T495ccXuMkgPAOAJoUlj5sUMI4pTXc+g
        A2cqhugPILRJ8mnoAp7u0PuMgmWtDI/GCMq38+ot8gNOKZkO/yw0U0Z1YlNSeqH1
        tQmb8+W/biQs+Z69GmryD7hdEfCLHHtDSpGQIJKBz/ZcxxKWvysB8eptJtIwlT6n
        eQIDAQAB
        -----END PUBLIC KEY-----
        """,
        "p256": """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiruY5tTmFlF6xCj3GzYd909b3bwt
        WDwpaZqJzqH4bZCaTjgViMoSy7Ko3PpVY0tYV9eyzPMQGICWfEETqC4RhQ==
        -----END PUBLIC KEY-----
        """,
        "p384": """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEH5NZZy6E3/zx0MQsCfYNcrnE++tICnj/
        2CwuH2cavepi5SD/hC549ePLf/4mF+AyTi/5N5jUj9wHrijiiu/81fNzehIhTbiI
        rD1xxPu37JpFe3UNzhfKpoIXMMsbfpVS
        -----END PUBLIC KEY-----
        """,
        "p521": """
        -----BEGIN PUBLIC KEY-----
        MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBp7WpnXYcuez12A6EC15iMMBrgSXp
        VqgqKmIeCwRdyzX2aowrmYUvnU4krGYD9n+sIBkNurVqMU9BMXwsVl3oHZYA8fIf
        wEVVd4ttqTmYUU/hc2p7TIvnqbF86BULIfTOO7PyT5TYEy2N7HQIt77iox+Y3g4u
        pH9FcvuXIs864mtR9VQ=
        -----END PUBLIC KEY-----
        """,
        "ed": """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAESMy+7D8QriTxZEuaNeAxHoR2peUG3PS+AgCa+e5ZS8=
        -----END PUBLIC KEY-----
        """,
    ]

    /// Signed by HS256 with what everybody knows of the key of RSA: its PEM, and its modulus.
    static let confused = [
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IkhTMjU2In0.gZaSp9fEaLYhqZOVFGqTItYoMu9cvo5qKpYazTyiGuo",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6InJzYSJ9.eyJzdWIiOiJhbm4iLCJpc3MiOiJodHRwczovL"
            + "2lzc3Vlci50ZXN0IiwiYXVkIjpbInNob3AiLCJhcGkiXSwiZXhwIjo0MTAyNDQ0ODAwLCJyb2xlIjpbImRldiIsIm9"
            + "wcyJdLCJhbGdfdXNlZCI6IkhTMjU2In0.lDUDlvOEome60fwnoFGtADDQuvBC1ObVMpQgjTRxAlw",
    ]

    /// Signed by nobody.
    static let unsigned =
        "eyJhbGciOiAibm9uZSJ9.eyJzdWIiOiAiYW5uIiwgImlzcyI6ICJodHRwczovL2lzc3Vlci50ZXN0IiwgImF1ZCI6I"
        + "Fsic2hvcCIsICJhcGkiXSwgImV4cCI6IDQxMDI0NDQ4MDAsICJyb2xlIjogWyJkZXYiLCAib3BzIl0sICJhbGdfdXN"
        + "lZCI6ICJub25lIn0."
}
